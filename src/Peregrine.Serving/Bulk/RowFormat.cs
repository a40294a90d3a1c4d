using System.Globalization;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Bulk;

/// <summary>How the results of a stream are written. Belongs to one stream.</summary>
internal abstract class RowFormat
{
    public abstract string ContentType { get; }

    /// <summary>What stands before the first result.</summary>
    public abstract void Begin(Utf8Output output);

    /// <param name="context">Scored and, where that was asked for, explained.</param>
    /// <param name="result">The result as <see cref="PredictionResultWriter"/> writes it, with its warnings and explanations, and the prepared record where the endpoint gives them.</param>
    public abstract void Result(ScoringContext context, ReadOnlySpan<byte> result, bool first, Utf8Output output);

    public abstract void Error(RowError error, bool first, Utf8Output output);

    /// <summary>What stands behind the last result: the sign that the stream is whole, or that it was stopped.</summary>
    public abstract void End(in StreamTotals totals, Utf8Output output);

    /// <summary><c>{"error":{"line":17,"errorType":"WrongType","message":"…","pointer":"/amount"}}</c>.</summary>
    protected static void WriteError(RowError error, Utf8Output output)
    {
        output.Write("{\"error\":{\"line\":"u8);
        output.WriteInteger(error.Line);
        output.Write(",\"errorType\":"u8);
        output.Write(JsonText.Quote(error.Code));
        output.Write(",\"message\":"u8);
        output.Write(JsonText.Quote(error.Message));
        if (error.Pointer.Length > 0)
        {
            output.Write(",\"pointer\":"u8);
            output.Write(JsonText.Quote(error.Pointer));
        }

        output.Write("}}"u8);
    }

    protected static void WriteTotals(in StreamTotals totals, Utf8Output output)
    {
        output.Write(totals.Stopped ? "{\"state\":\"stopped\",\"rows\":"u8 : "{\"state\":\"complete\",\"rows\":"u8);
        output.WriteInteger(totals.Rows);
        output.Write(",\"ignored\":"u8);
        output.WriteInteger(totals.Ignored);
        output.Write(",\"errors\":"u8);
        output.WriteInteger(totals.Errors);
        output.Write("}"u8);
    }

    protected static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
