using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Contracts.Deployer;

/// <summary>Settings of a published service. Members that are not known here are kept as they came.</summary>
public sealed record ServiceSettings
{
    public required string Id { get; init; }

    public string? Description { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
