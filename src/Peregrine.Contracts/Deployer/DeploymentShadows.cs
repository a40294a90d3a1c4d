using Peregrine.Contracts.ApiNode.Shadows;

namespace Peregrine.Contracts.Deployer;

/// <summary>Shadows of a deployment compared with what callers got, over all nodes as if one had seen all requests.</summary>
public sealed record DeploymentShadows
{
    public required string DeploymentId { get; init; }

    /// <summary>By node: what is in force there and what waits.</summary>
    public required IReadOnlyList<NodeShadows> Nodes { get; init; }

    public required IReadOnlyList<ShadowComparisonReport> Comparisons { get; init; }

    /// <summary>Nodes that did not tell, and why.</summary>
    public IReadOnlyList<string> Unanswered { get => field ?? []; init; }
}
