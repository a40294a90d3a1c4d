using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Contracts.Deployer;

/// <summary>Settings of an infrastructure. Members that are not known here are kept as they came.</summary>
public sealed record InfraSettings
{
    public required string Id { get; init; }

    public required string Stage { get; init; }

    public string Type { get => field ?? InfraTypes.Static; init; }

    public GovernCheckPolicy GovernCheckPolicy { get; init; }

    public IReadOnlyList<ApiNodeSettings> ApiNodes { get => field ?? []; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
