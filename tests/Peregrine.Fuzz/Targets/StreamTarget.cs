using System.Diagnostics;
using System.Text;
using Peregrine.Serving.Bulk;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.QueryLog;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Fuzz.Targets;

/// <summary>
/// A stream of records as CSV or JSON lines, in one piece and in pieces cut anywhere: the same results, errors and end. The first four bytes say how; the rest is the stream.
/// </summary>
internal sealed class StreamTarget(FuzzNode node, bool isCsv) : IFuzzTarget
{
    private const int MostRows = 200;

    private readonly EndpointRoute _route = node.Route;
    private readonly QueryLogLine _log = node.Log;

    public string Name => isCsv ? "bulkcsv" : "lines";

    public IReadOnlyList<byte[]> Corpus { get; } = [.. Fuzz.Corpus.Of(isCsv ? "bulkcsv" : "lines").SelectMany(body => new byte[][] { [0, 0, 1, 7, .. body], [1, 1, 3, 9, .. body], [0, 2, 40, 5, .. body] })];

    public IReadOnlyList<byte[]> Words { get; } = isCsv
        ? [.. Fuzz.Corpus.Words(",", "\n", "\r\n", "\r", "\"", "\"\"", "\uFEFF", "amount", "country", "at", "1.5", "true", "2026-01-31", "\"a\nb\"", "é", "\0", " ", "NaN"), [0xC3]]
        : [.. JsonTarget.JsonWords, .. Fuzz.Corpus.Words("{\"amount\":1}\n", "{\"features\":{\"amount\":1},\"context\":1}\n", "\n", "\r\n", "\n\n"), [0xC3]];

    /// <summary>Twice the stream, the second time piece by piece; a bad record is told of in words.</summary>
    public long AllocationLimit(int inputLength) => 1024 * 1024 + 512L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 4) return;
        var call = new BulkCall(isCsv ? RowMedia.Csv : RowMedia.JsonLines, (RowMedia)(input[1] % 3), StopOnError: (input[0] & 1) == 0, null, null, (input[0] & 2) == 0 ? null : 1000);
        var body = input[4..];
        var whole = Feed(body, call, _ => int.MaxValue);
        var random = new Random(input[3]);
        var longest = 1 + input[2];
        var pieces = Feed(body, call, _ => random.Next(1, longest + 1));
        if (whole != pieces) throw new FuzzFault($"In one piece:\n{whole}\nin pieces:\n{pieces}");
    }

    /// <summary>As the stream's pump does: what is not used comes again with the next piece.</summary>
    private string Feed(ReadOnlySpan<byte> body, BulkCall call, Func<int, int> next)
    {
        var endpoint = _route.Target(0)!;
        RowSource source = isCsv ? new CsvRows(endpoint.Prediction) : new JsonLineRows(endpoint.Prediction, FuzzNode.MaxDepth);
        RowFormat format = call.Output switch
        {
            RowMedia.Csv => new CsvFormat(endpoint.Prediction.Model.Spec, [], 0),
            RowMedia.JsonLines => new JsonLinesFormat(),
            _ => JsonFormat.For(endpoint),
        };
        var output = new Utf8Output();
        using var scorer = new RowScorer(endpoint, new Caller(CallerKey.Anyone, null, Stopwatch.GetTimestamp()), source, format, _log, call, [], MostRows, 10);
        var (used, there) = (0, 0);
        for (var isLast = false; !isLast && scorer.StoppedBy is null && scorer.Fault is null;)
        {
            there += Math.Min(next(there), body.Length - there);
            isLast = there == body.Length;
            used += scorer.Process(body[used..there], isLast, output);
            if (used > there) throw new FuzzFault($"{used} bytes are done with and {there} were there.");
        }

        if (scorer.Fault is { } fault)
        {
            EngineTarget.Check(fault);
            return fault.DetailedMessage;
        }

        if (scorer.StoppedBy is null && used != body.Length) throw new FuzzFault($"{body.Length - used} bytes are left.");
        scorer.Complete(output);
        return Encoding.UTF8.GetString(output.Written);
    }
}
