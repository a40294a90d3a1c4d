using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>A mapping of the model; two with the same content are still two, as two calls of <c>setMapping</c> are.</summary>
internal sealed class MappingModel(ImmutableArray<(string Generation, double Share)> entries, bool random, string? salt, ImmutableArray<string> shadows)
{
    public ImmutableArray<(string Generation, double Share)> Entries { get; } = entries;

    public bool Random { get; } = random;

    public string? Salt { get; } = salt;

    /// <summary>Generations that get copies of requests, and whose answers nobody may see.</summary>
    public ImmutableArray<string> Shadows { get; } = shadows;

    public bool Names(string generation) => Generations.Contains(generation);

    public IEnumerable<string> Generations => Entries.Select(entry => entry.Generation).Concat(Shadows);

    public string ToJson()
    {
        var json = new JsonObject
        {
            ["entries"] = new JsonArray([.. Entries.Select(entry => (JsonNode)new JsonObject { ["generation"] = entry.Generation, ["proba"] = entry.Share })]),
        };
        if (!Shadows.IsEmpty) json["shadows"] = new JsonArray([.. Shadows.Select(shadow => (JsonNode)new JsonObject { ["generation"] = shadow, ["share"] = 0.5 })]);
        if (Random) json["strategy"] = "RANDOM";
        if (Salt is not null) json["salt"] = Salt;
        return json.ToJsonString();
    }

    public override string ToString() => string.Join(' ', Entries.Select(entry => FormattableString.Invariant($"{entry.Generation}:{entry.Share}"))) + (Random ? " random" : "") + (Salt is null ? "" : " salt " + Salt) + string.Concat(Shadows.Select(shadow => " shadow " + shadow));
}
