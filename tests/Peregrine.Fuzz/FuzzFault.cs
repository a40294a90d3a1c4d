namespace Peregrine.Fuzz;

/// <summary>The product did something that no input may make it do.</summary>
internal sealed class FuzzFault(string message, Exception? cause = null) : Exception(message, cause);
