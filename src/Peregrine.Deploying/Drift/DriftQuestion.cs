namespace Peregrine.Deploying.Drift;

/// <summary>Which drift is asked for; null means all, or the nodes' first window.</summary>
/// <param name="Window">Such as <c>1h</c>, or <c>load</c>.</param>
public sealed record DriftQuestion(string? Endpoint = null, string? Generation = null, string? Window = null);
