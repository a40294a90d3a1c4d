using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Hosting.Errors;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Lookup;

namespace Peregrine.Designing.ApiServices.Lookups;

/// <summary>The members of a lookup endpoint in the settings document: <c>dataset, keys, columns, noMatch, severalMatches, cache</c>.</summary>
internal static class LookupEndpointSettings
{
    public const string Dataset = "dataset";
    public const string Keys = "keys";
    public const string Columns = "columns";
    private const string NoMatch = "noMatch";
    private const string SeveralMatches = "severalMatches";
    private const string Cache = "cache";

    public static bool IsLookup(JsonObject endpoint) => string.Equals(endpoint.String("type"), LookupEndpointKind.KindId, StringComparison.Ordinal);

    /// <summary>Checks what can be said without the dataset; <see cref="LookupRows"/> looks at the columns.</summary>
    public static void Check(JsonObject endpoint, string pointer, List<ApiErrorItem> faults)
    {
        var id = endpoint.String("id");
        if (endpoint.String(Dataset) is not { Length: > 0 })
            faults.Add(new ApiErrorItem($"{pointer}/{Dataset}", "NoDataset", $"Endpoint '{id}' names no dataset ('{Dataset}')."));
        if (endpoint[Keys] is not JsonArray { Count: > 0 })
            faults.Add(new ApiErrorItem($"{pointer}/{Keys}", "NoKey", $"Endpoint '{id}' names no column of a key ('{Keys}', a list)."));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var list in (string[])[Keys, Columns]) CheckNames(endpoint, list, pointer, seen, faults);
        CheckChoice<NoMatchPolicy>(endpoint, NoMatch, pointer, faults);
        CheckChoice<SeveralMatchesPolicy>(endpoint, SeveralMatches, pointer, faults);
        CheckCache(endpoint, pointer, faults);
    }

    /// <summary>Fills what was left out; the columns are filled by <see cref="LookupRows"/>.</summary>
    public static void Fill(JsonObject endpoint) => endpoint.FilledFrom(new JsonObject
    {
        [Columns] = new JsonArray(),
        [NoMatch] = "IGNORE",
        [SeveralMatches] = "IGNORE",
        [Cache] = CacheOf(null),
        ["testQueries"] = new JsonArray(),
    });

    public static JsonObject Write(string id, LookupChoice choice) => new()
    {
        ["id"] = id,
        ["type"] = LookupEndpointKind.KindId,
        [Dataset] = choice.Dataset,
        [Keys] = List(choice.Keys),
        [Columns] = List(choice.Columns),
        [NoMatch] = JsonSerializer.SerializeToNode(choice.NoMatch),
        [SeveralMatches] = JsonSerializer.SerializeToNode(choice.SeveralMatches),
        [Cache] = CacheOf(choice.Cache),
    };

    /// <param name="endpoint">Checked.</param>
    public static LookupChoice Read(JsonObject endpoint) => new()
    {
        Dataset = endpoint.String(Dataset) ?? "",
        Keys = Names(endpoint, Keys),
        Columns = Names(endpoint, Columns),
        NoMatch = Choice<NoMatchPolicy>(endpoint[NoMatch]),
        SeveralMatches = Choice<SeveralMatchesPolicy>(endpoint[SeveralMatches]),
        Cache = ReadCache(endpoint),
    };

    /// <param name="dataset"><c>PROJECT.name</c>, for people.</param>
    public static LookupSettings ToPackage(LookupChoice choice, string dataset) =>
        new() { Dataset = dataset, NoMatch = choice.NoMatch, SeveralMatches = choice.SeveralMatches, Cache = choice.Cache };

    public static IReadOnlyList<string> Names(JsonObject endpoint, string list) =>
        [.. (endpoint[list] as JsonArray ?? []).OfType<JsonValue>().Select(name => name.TryGetValue<string>(out var text) ? text : "")];

    public static JsonArray List(IEnumerable<string> names) => [.. names.Select(name => (JsonNode)name)];

    private static void CheckNames(JsonObject endpoint, string list, string pointer, HashSet<string> seen, List<ApiErrorItem> faults)
    {
        if (endpoint[list] is null) return;
        if (endpoint[list] is not JsonArray names)
        {
            faults.Add(new ApiErrorItem($"{pointer}/{list}", "BadColumns", $"'{list}' is not a list of column names."));
            return;
        }

        for (var at = 0; at < names.Count; at++)
        {
            if (names[at] is not JsonValue value || !value.TryGetValue<string>(out var name) || name.Length == 0)
                faults.Add(new ApiErrorItem($"{pointer}/{list}/{at}", "BadColumn", $"Entry {at + 1} of '{list}' is not the name of a column."));
            else if (!seen.Add(name))
                faults.Add(new ApiErrorItem($"{pointer}/{list}/{at}", "DuplicateColumn", $"Column '{name}' is named twice; columns of the key are answered anyway."));
        }
    }

    private static void CheckChoice<T>(JsonObject endpoint, string member, string pointer, List<ApiErrorItem> faults) where T : struct, Enum
    {
        if (endpoint[member] is null || TryChoice<T>(endpoint[member], out _)) return;
        var known = string.Join(" or ", Enum.GetValues<T>().Select(value => (string?)JsonSerializer.SerializeToNode(value)));
        faults.Add(new ApiErrorItem($"{pointer}/{member}", "UnknownValue", $"'{member}' is {endpoint[member]!.ToJsonString()}; give {known}."));
    }

    private static T Choice<T>(JsonNode? value) where T : struct, Enum => TryChoice<T>(value, out var choice) ? choice : default;

    private static bool TryChoice<T>(JsonNode? value, out T choice) where T : struct, Enum
    {
        choice = default;
        if (value is null) return false;
        try
        {
            choice = value.Deserialize<T>();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void CheckCache(JsonObject endpoint, string pointer, List<ApiErrorItem> faults)
    {
        if (endpoint[Cache] is null) return;
        if (endpoint[Cache] is not JsonObject cache)
        {
            faults.Add(new ApiErrorItem($"{pointer}/{Cache}", "BadCache", "'cache' is not an object such as {\"enabled\":true,\"ttlSeconds\":60}."));
            return;
        }

        var before = faults.Count;
        if (cache["enabled"] is { } enabled && enabled.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
            faults.Add(new ApiErrorItem($"{pointer}/{Cache}/enabled", "BadCache", "'enabled' is true or false."));
        foreach (var member in (string[])["ttlSeconds", "maxEntries", "maxBytes"])
            if (cache[member] is { } value && (value.GetValueKind() != JsonValueKind.Number || cache.Number(member) is not { } number || number != Math.Floor(number)))
                faults.Add(new ApiErrorItem($"{pointer}/{Cache}/{member}", "BadCache", $"'{member}' is not a whole number."));
        if (faults.Count == before && SettingsOf(cache).Fault() is { } wrong)
            faults.Add(new ApiErrorItem($"{pointer}/{Cache}/{wrong.Member}", "BadCache", wrong.Message));
    }

    private static CacheSettings? ReadCache(JsonObject endpoint) =>
        endpoint[Cache] is JsonObject cache && cache.Boolean("enabled") == true ? SettingsOf(cache) : null;

    private static CacheSettings SettingsOf(JsonObject cache) => new()
    {
        TtlSeconds = (int)Math.Clamp(cache.Number("ttlSeconds") ?? CacheSettings.DefaultTtlSeconds, -1, int.MaxValue),
        MaxEntries = (int)Math.Clamp(cache.Number("maxEntries") ?? CacheSettings.DefaultMaxEntries, -1, int.MaxValue),
        MaxBytes = (long)Math.Clamp(cache.Number("maxBytes") ?? CacheSettings.DefaultMaxBytes, -1, 1L << 60),
    };

    private static JsonObject CacheOf(CacheSettings? cache)
    {
        var settings = cache ?? new CacheSettings();
        return new JsonObject { ["enabled"] = cache is not null, ["ttlSeconds"] = settings.TtlSeconds, ["maxEntries"] = settings.MaxEntries, ["maxBytes"] = settings.MaxBytes };
    }
}
