using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Commands;

namespace Peregrine.Verbs;

/// <summary>The options of <c>service add-endpoint</c> that make a lookup of a dataset.</summary>
internal sealed class LookupEndpointOptions
{
    private readonly Option<string?> _dataset = ClientVerb.Option("--lookup", "Dataset whose rows are found by a key, instead of --model. Its rows are copied when a package is made.", "DATASET");
    private readonly Option<string[]> _keys = Names("--key", "With --lookup: column of the key; several make one together.");
    private readonly Option<string[]> _columns = Names("--column", "With --lookup: column that is answered. Default: all others.");
    private readonly Option<string?> _noMatch = Choice("--no-match", "With --lookup: what becomes of a key that no row has: ignore, or nulls.", "ignore", "nulls");
    private readonly Option<string?> _several = Choice("--several-matches", "With --lookup: what becomes of a key that several rows have: ignore, or first.", "ignore", "first");
    private readonly Option<int?> _cache = new("--cache") { Description = "With --lookup: seconds for which nodes keep answers, 1 to 604800. Default: they keep none.", HelpName = "SECONDS" };

    public IReadOnlyList<Option> All => [_dataset, _keys, _columns, _noMatch, _several, _cache];

    /// <summary>The endpoint's members in the settings of its service; null when no lookup is wanted.</summary>
    /// <exception cref="UsageException">Options that do not go together.</exception>
    public JsonObject? Read(ParseResult parsed)
    {
        var (keys, columns) = (parsed.GetValue(_keys) ?? [], parsed.GetValue(_columns) ?? []);
        if (parsed.GetValue(_dataset) is not { } dataset)
        {
            if (keys.Length > 0 || columns.Length > 0 || (parsed.GetValue(_noMatch) ?? parsed.GetValue(_several)) is not null || parsed.GetValue(_cache) is not null)
                throw new UsageException("--key, --column, --no-match, --several-matches and --cache go with --lookup.");
            return null;
        }

        if (keys.Length == 0) throw new UsageException("--lookup needs at least one --key: the column that the rows are found by.");
        var endpoint = new JsonObject { ["type"] = "DATASETS_LOOKUP", ["dataset"] = dataset, ["keys"] = List(keys), ["columns"] = List(columns) };
        if (parsed.GetValue(_noMatch) is { } noMatch) endpoint["noMatch"] = noMatch.ToUpperInvariant();
        if (parsed.GetValue(_several) is { } several) endpoint["severalMatches"] = several.ToUpperInvariant();
        if (parsed.GetValue(_cache) is { } seconds) endpoint["cache"] = new JsonObject { ["enabled"] = true, ["ttlSeconds"] = seconds };
        return endpoint;
    }

    private static JsonArray List(string[] names) => [.. names.Select(name => (JsonNode)name)];

    private static Option<string[]> Names(string name, string description) => new(name) { Description = description, HelpName = "COLUMN" };

    private static Option<string?> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string?>(name) { Description = description };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
