using System.Text.Json.Serialization;

namespace Peregrine.Contracts.Deployer;

/// <summary>One node of a deployment with what it serves.</summary>
public sealed record NodeStatus
{
    public required string Url { get; init; }

    public required DeploymentHealth Health { get; init; }

    /// <summary>True when the node answered its admin API.</summary>
    public required bool Reachable { get; init; }

    /// <summary>What is wrong, one line; absent when nothing is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }

    public required IReadOnlyList<NodeGenerationStatus> Generations { get; init; }
}
