namespace Peregrine.Contracts.Deployer;

/// <summary>What the nodes say now.</summary>
public sealed record DeploymentHeavyStatus
{
    public required DeploymentHealth Health { get; init; }

    public required InfoMessages HealthMessages { get; init; }

    public required IReadOnlyList<ApiNodeAddress> ApiNodes { get; init; }

    public required IReadOnlyList<NodeStatus> Nodes { get; init; }

    /// <summary>When the nodes were asked: milliseconds since 1970 UTC.</summary>
    public required long CheckedOn { get; init; }
}
