using Peregrine.Contracts.ApiNode;

namespace Peregrine.Contracts.Deployer;

/// <summary>One rule over all nodes of a deployment.</summary>
public sealed record DeploymentRateLimit
{
    public required RateLimitRule Rule { get; init; }

    /// <summary>Whether the deployment's settings want it; false: only nodes have it.</summary>
    public required bool Wanted { get; init; }

    /// <summary>Calls that it refused on all nodes since it began there.</summary>
    public required long Refused { get; init; }

    /// <summary>The nodes that have it.</summary>
    public required IReadOnlyList<NodeRateLimitCount> Nodes { get; init; }
}
