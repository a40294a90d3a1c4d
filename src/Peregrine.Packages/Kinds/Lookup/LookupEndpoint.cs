using System.Buffers;
using System.Text.Json.Nodes;
using Peregrine.Packages.Kinds.Lookup.Tables;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.OpenApi;
using Peregrine.Packages.Verification;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Lookup;

/// <summary>A lookup endpoint ready to answer. Thread-safe.</summary>
public sealed class LookupEndpoint : IPackagedEndpoint
{
    private readonly IReadOnlyList<GoldenRecord> _golden;
    private readonly RecordReader _reader;

    internal LookupEndpoint(string id, LookupSettings settings, IndexedTable table, IReadOnlyList<GoldenRecord> golden, JsonArray testQueries)
    {
        Id = id;
        Settings = settings;
        Table = table;
        TestQueries = testQueries;
        _golden = golden;
        _reader = new RecordReader(new RecordSchema(table.Keys.Select(key => key.Field)), [], refuseUnknown: true, refuseMissing: true);
        Results = new LookupResultWriter(table);
    }

    /// <summary>An endpoint of rows that are in no package yet, to try its settings.</summary>
    /// <param name="table">As <see cref="IndexedTableWriter"/> wrote it.</param>
    public static LookupEndpoint ForTrial(string id, LookupSettings settings, byte[] table) => new(id, settings, IndexedTable.Open(table), [], []);

    public string Id { get; }

    public string Kind => LookupEndpointKind.KindId;

    public LookupSettings Settings { get; }

    public IndexedTable Table { get; }

    /// <summary>The columns of the key, in order.</summary>
    public RecordSchema Key => _reader.Schema;

    public LookupResultWriter Results { get; }

    public JsonArray TestQueries { get; }

    /// <summary>Reads an object with a value for each column of the key, and nothing else.</summary>
    /// <param name="data">Stands before the object, and behind it on return.</param>
    /// <param name="key">Clear; after a fault its content is undefined.</param>
    public RecordFault Bind(ref JsonScanner data, TypedRecord key) => _reader.Read(ref data, key);

    /// <summary>Looks a key up and writes the result.</summary>
    /// <returns>Whether the record is ignored.</returns>
    public bool Answer(TypedRecord key, IBufferWriter<byte> output)
    {
        var row = Table.Find(key, out var several);
        if (row >= 0 && !(several && Settings.SeveralMatches == SeveralMatchesPolicy.Ignore))
        {
            Results.WriteRow(row, output);
            return false;
        }

        if (row < 0 && Settings.NoMatch == NoMatchPolicy.Nulls)
        {
            Results.WriteNulls(key, output);
            return false;
        }

        LookupResultWriter.WriteIgnored(several, output);
        return true;
    }

    public GoldenReport ReplayGolden(CancellationToken cancellationToken) => LookupGolden.Replay(this, _golden, cancellationToken);

    public EndpointDescription Describe() => LookupOpenApi.Describe(this);
}
