using System.Text.Json.Serialization;

namespace Peregrine.Contracts.Deployer;

/// <summary>One generation of one node: what it should be and what it is.</summary>
public sealed record NodeGenerationStatus
{
    public required string Generation { get; init; }

    public required DeploymentHealth Health { get; init; }

    /// <summary>True when the node holds the package.</summary>
    public required bool Present { get; init; }

    /// <summary>True when the node can answer with it at once.</summary>
    public required bool Ready { get; init; }

    /// <summary>Share of requests that is wanted, 0 to 1; null when the generation is not wanted.</summary>
    public double? WantedShare { get; init; }

    /// <summary>Share of requests that the node gives it, 0 to 1; null when it gives none.</summary>
    public double? Share { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}
