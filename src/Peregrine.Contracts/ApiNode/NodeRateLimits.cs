namespace Peregrine.Contracts.ApiNode;

/// <summary>The rules of a service on a node with what they have counted: <c>GET /admin/api/services/{s}/limits</c>.</summary>
public sealed record NodeRateLimits
{
    public IReadOnlyList<NodeRateLimit> Rules { get => field ?? []; init; }

    /// <summary>Why the node's file cannot be read, so that nothing is limited; absent when it can.</summary>
    public string? Damage { get; init; }
}
