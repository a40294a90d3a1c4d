using Peregrine.Models;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Bulk;

/// <summary>One result a line, as in <c>predict</c>; the last line tells the state.</summary>
internal sealed class JsonLinesFormat : RowFormat
{
    public override string ContentType => "application/x-ndjson";

    public override void Begin(Utf8Output output)
    {
        // Nothing stands before the first line.
    }

    public override void Result(ScoringContext context, ReadOnlySpan<byte> result, bool first, Utf8Output output)
    {
        output.Write(result);
        output.Write((byte)'\n');
    }

    public override void Error(RowError error, bool first, Utf8Output output)
    {
        WriteError(error, output);
        output.Write((byte)'\n');
    }

    public override void End(in StreamTotals totals, Utf8Output output)
    {
        output.Write("{\"end\":"u8);
        WriteTotals(totals, output);
        output.Write("}\n"u8);
    }
}
