namespace Peregrine.Hosting.Futures;

/// <summary>What is told about a job besides its state.</summary>
/// <param name="DisplayName">One line for people, such as <c>Update of deployment 'fraud-dev'</c>.</param>
/// <param name="Owner">Who asked for it: the name of the key or user; null when nobody did.</param>
public sealed record FutureRequest(string DisplayName, string? Owner = null);
