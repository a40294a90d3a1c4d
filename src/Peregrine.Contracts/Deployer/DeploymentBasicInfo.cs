using System.Text.Json.Serialization;

namespace Peregrine.Contracts.Deployer;

public sealed record DeploymentBasicInfo
{
    public required string Id { get; init; }

    public required string PublishedServiceId { get; init; }

    public required string InfraId { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>Absent, never null, when the service keeps its published id on the nodes: callers test for the member's presence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DeployedServiceId { get; init; }

    /// <summary>Generations that the settings want.</summary>
    public IReadOnlyList<string> Generations { get => field ?? []; init; }
}
