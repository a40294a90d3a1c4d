using System.Text;
using System.Text.Json;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds.Lookup.Tables;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Manifests;

namespace Peregrine.Packages.Kinds.Lookup;

/// <summary>Answers with the row of a table that has a record's key. The rows travel in the package.</summary>
public sealed class LookupEndpointKind : IEndpointKind
{
    public const string KindId = "DATASETS_LOOKUP";

    /// <summary>Name of the table within the endpoint's folder.</summary>
    public const string TableEntry = "rows.pgt";

    private const string GoldenEntry = "golden.jsonl";
    private const string TestQueriesEntry = "test-queries.json";
    private const string Remedy = "Make the package again with the API Designer.";

    public string Id => KindId;

    public IReadOnlyList<PackageFault> Validate(JsonElement settings)
    {
        try
        {
            ReadSettings(settings);
            return [];
        }
        catch (JsonException malformed)
        {
            return [BadSettings(malformed)];
        }
    }

    public EndpointParts Pack(EndpointSource source)
    {
        if (source is not LookupEndpointSource lookup) throw new ArgumentException($"{source.GetType().Name} is not a lookup endpoint.", nameof(source));
        var settings = JsonSerializer.SerializeToElement(lookup.Settings, PackagesJson.Default.LookupSettings);
        if (Validate(settings) is [var fault, ..]) throw new PackageException(fault with { Where = $"endpoint '{source.Id}' settings{fault.Where}" });
        var table = WriteTable(lookup);
        var endpoint = new LookupEndpoint(source.Id, lookup.Settings, IndexedTable.Open(table), [], source.TestQueries);
        return new EndpointParts(
            settings,
            new Dictionary<string, byte[]>(StringComparer.Ordinal)
            {
                [TableEntry] = table,
                [GoldenEntry] = GoldenRecords.Write(LookupGolden.Of(endpoint)),
                [TestQueriesEntry] = Encoding.UTF8.GetBytes(source.TestQueries.ToJsonString()),
            });
    }

    public IPackagedEndpoint Load(EndpointManifest endpoint, PackageReader package)
    {
        var folder = PackageEntries.FolderOf(endpoint.Id);
        var settings = SettingsOf(endpoint);
        var table = LoadTable(package, folder + TableEntry);
        var golden = GoldenRecords.Read(package.Read(folder + GoldenEntry), folder + GoldenEntry);
        return new LookupEndpoint(endpoint.Id, settings, table, golden, TestQueryEntries.Read(package, folder + TestQueriesEntry));
    }

    private static byte[] WriteTable(LookupEndpointSource source)
    {
        try
        {
            return IndexedTableWriter.Write(source.Keys, source.Columns);
        }
        catch (ArgumentException unusable)
        {
            throw new PackageException(
                PackageFaultCode.BadStructure, $"endpoint '{source.Id}'", unusable.Message, "Choose other columns, or a dataset whose rows have a key.", unusable);
        }
    }

    /// <summary>The boundary to a file from elsewhere: whatever a hostile table makes fail becomes a refusal.</summary>
    private static IndexedTable LoadTable(PackageReader package, string entry)
    {
        try
        {
            return IndexedTable.Open(package.Read(entry));
        }
        catch (InvalidDataException damaged)
        {
            throw new PackageException(PackageFaultCode.BadStructure, entry, damaged.Message, Remedy, damaged);
        }
    }

    private static LookupSettings SettingsOf(EndpointManifest endpoint)
    {
        try
        {
            return ReadSettings(endpoint.Settings);
        }
        catch (JsonException malformed)
        {
            var fault = BadSettings(malformed);
            throw new PackageException(fault with { Where = $"endpoint '{endpoint.Id}' settings{fault.Where}" }, malformed);
        }
    }

    private static LookupSettings ReadSettings(JsonElement settings)
    {
        var read = settings.Deserialize(PackagesJson.Default.LookupSettings) ?? throw new JsonException("The settings are null.");
        if (read.Cache?.Fault() is { } wrong) throw new JsonException(wrong.Message, $"$.cache.{wrong.Member}", null, null);
        if ((read.LogColumns ?? []).Select(rule => rule.Fault()).OfType<string>().FirstOrDefault() is { } rule)
            throw new JsonException($"A rule of the query log {rule}.", "$.logColumns", null, null);
        return read;
    }

    private static PackageFault BadSettings(JsonException malformed) => new(
        PackageFaultCode.BadManifest, malformed.Path is { Length: > 1 } path ? path[1..].Replace('.', '/') : string.Empty,
        $"The settings of a lookup endpoint are not valid: {malformed.Message}", "noMatch is IGNORE or NULLS; severalMatches is IGNORE or FIRST.");
}
