namespace Peregrine.Models;

/// <summary>A model, step or feature that cannot be used as it is written. The message says what, where and, where it can, what to do.</summary>
public sealed class ModelException(string message, Exception? inner = null) : Exception(message, inner);
