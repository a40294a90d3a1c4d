using Peregrine.Contracts.ApiNode;

namespace Peregrine.Deploying.Deployments;

/// <summary>What each node of a deployment should be: the comparison's left side.</summary>
public sealed record WantedService
{
    public required string DeploymentId { get; init; }

    /// <summary>Id on the nodes.</summary>
    public required string ServiceId { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>Its shadows are null when nodes keep those that they have.</summary>
    public required NodeMapping Mapping { get; init; }

    public required IReadOnlyList<WantedPackage> Packages { get; init; }

    /// <summary>All rate limits, with their defaults written out; null: nodes keep those that they have.</summary>
    public IReadOnlyList<RateLimitRule>? RateLimits { get; init; }

    /// <summary>All keys that were made through this Deployer.</summary>
    public IReadOnlyList<DeployedKey> Keys { get; init; } = [];

    /// <summary>The mapping for a node that has one already.</summary>
    public NodeMapping MappingOver(NodeMapping? actual) => Mapping.Shadows is null ? Mapping with { Shadows = actual?.Shadows } : Mapping;
}
