using Peregrine.Models;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Bulk;

/// <summary>One document, as <c>predict-multi</c> answers it; <c>end</c> tells the state.</summary>
internal sealed class JsonFormat(byte[] apiContext) : RowFormat
{
    public override string ContentType => "application/json";

    public override void Begin(Utf8Output output) => output.Write("{\"results\":["u8);

    public override void Result(ScoringContext context, ReadOnlySpan<byte> result, bool first, Utf8Output output)
    {
        if (!first) output.Write((byte)',');
        output.Write(result);
    }

    public override void Error(RowError error, bool first, Utf8Output output)
    {
        if (!first) output.Write((byte)',');
        WriteError(error, output);
    }

    public override void End(in StreamTotals totals, Utf8Output output)
    {
        output.Write("],\"end\":"u8);
        WriteTotals(totals, output);
        output.Write(apiContext);
    }

    /// <summary>What closes the document: <c>,"apiContext":{…}}</c>, cut from the answer of one record.</summary>
    public static JsonFormat For(LoadedEndpoint endpoint) => new(endpoint.AnswerTail[1..]);
}
