using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Contracts.ApiNode;

namespace Peregrine.Contracts.Deployer;

/// <summary>Which generations answer, and with which share.</summary>
public sealed record GenerationsMapping
{
    public MappingMode Mode { get; init; }

    /// <summary>The one generation of <see cref="MappingMode.SingleGeneration"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Generation { get; init; }

    /// <summary>The shares of <see cref="MappingMode.MultiGeneration"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GenerationShare>? Entries { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MappingStrategy? Strategy { get; init; }

    /// <summary>Generations that score copies of requests on the nodes; callers never see their answers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ShadowShare>? Shadows { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    /// <summary>The mapping as shares, whatever its mode.</summary>
    [JsonIgnore]
    public IReadOnlyList<GenerationShare> Shares => Mode == MappingMode.SingleGeneration
        ? Generation is { Length: > 0 } generation ? [new GenerationShare(generation, 1)] : []
        : Entries ?? [];

    public static GenerationsMapping Single(string generation) => new() { Generation = generation };
}
