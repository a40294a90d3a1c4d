using System.Buffers;
using System.Text;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Verification;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Lookup;

/// <summary>Golden records of a lookup: keys over the whole of its table, and one that no row has.</summary>
internal static class LookupGolden
{
    private const int MostRows = 50;

    /// <summary>Keys and what the endpoint answers for them now.</summary>
    public static IReadOnlyList<GoldenRecord> Of(LookupEndpoint endpoint)
    {
        var rows = Math.Min(endpoint.Table.Rows, MostRows);
        var records = new List<GoldenRecord>(rows + 1);
        for (var at = 0; at < rows; at++)
        {
            var row = rows == 1 ? 0 : (int)((long)at * (endpoint.Table.Rows - 1) / (rows - 1));
            records.Add(Record(endpoint, LookupSample.KeyOf(endpoint, row)));
        }

        records.Add(Record(endpoint, LookupSample.NoKey(endpoint)));
        return records;
    }

    public static GoldenReport Replay(LookupEndpoint endpoint, IReadOnlyList<GoldenRecord> golden, CancellationToken cancellationToken)
    {
        var mismatches = new List<GoldenMismatch>();
        for (var at = 0; at < golden.Count; at++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LongWork.GiveWay();
            var actual = Answer(endpoint, golden[at].Input.Span);
            if (actual.AsSpan().SequenceEqual(golden[at].Expected.Span)) continue;
            mismatches.Add(new GoldenMismatch(at, Encoding.UTF8.GetString(golden[at].Expected.Span), Encoding.UTF8.GetString(actual)));
        }

        return new GoldenReport(golden.Count, mismatches);
    }

    private static GoldenRecord Record(LookupEndpoint endpoint, string key)
    {
        var input = Encoding.UTF8.GetBytes(key);
        return new GoldenRecord(input, Answer(endpoint, input));
    }

    private static byte[] Answer(LookupEndpoint endpoint, ReadOnlySpan<byte> input)
    {
        var key = new TypedRecord(endpoint.Key.Count);
        var data = new JsonScanner(input);
        var fault = endpoint.Bind(ref data, key);
        if (!fault.IsNone) return Encoding.UTF8.GetBytes(LookupFaults.Describe(fault, endpoint.Key, input));
        var output = new ArrayBufferWriter<byte>();
        endpoint.Answer(key, output);
        return output.WrittenSpan.ToArray();
    }
}
