using System.Text.Json.Serialization;

namespace Peregrine.Contracts.Deployer;

/// <summary>One card of the board.</summary>
public sealed record BoardDeployment
{
    public required DeploymentBasicInfo DeploymentBasicInfo { get; init; }

    public required GenerationsMapping GenerationsMapping { get; init; }

    public required DeploymentHealth Health { get; init; }

    public required InfoMessages HealthMessages { get; init; }

    public required IReadOnlyList<NodeStatus> Nodes { get; init; }

    /// <summary>When the nodes were last asked: milliseconds since 1970 UTC; absent before the first time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CheckedOn { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DeploymentUpdateSummary? LastUpdate { get; init; }
}
