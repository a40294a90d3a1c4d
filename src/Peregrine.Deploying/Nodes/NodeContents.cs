using Peregrine.Contracts.ApiNode;

namespace Peregrine.Deploying.Nodes;

/// <summary>What a node has of a service, as far as a deployment wants something of it.</summary>
public sealed record NodeContents
{
    public static readonly NodeContents None = new();

    /// <summary>Null when the node does not know the service.</summary>
    public NodeService? Service { get; init; }

    /// <summary>Null when nobody wants to know.</summary>
    public NodeRateLimits? Limits { get; init; }

    /// <summary>Null when nobody wants to know.</summary>
    public IReadOnlyList<NodeServiceKey>? Keys { get; init; }
}
