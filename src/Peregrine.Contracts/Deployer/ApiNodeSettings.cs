using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Contracts.Deployer;

/// <summary>One API node of a static infrastructure.</summary>
public sealed record ApiNodeSettings
{
    /// <summary>What stands in place of a stored key in answers; sent back unchanged, it keeps the stored key.</summary>
    public const string MaskedKey = "********";

    public required string Url { get; init; }

    /// <summary>Key of the node's admin API. Answers hold <see cref="MaskedKey"/> when one is stored.</summary>
    [JsonPropertyName("adminAPIKey")]
    public string? AdminApiKey { get; init; }

    public string? GraphitePrefix { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
