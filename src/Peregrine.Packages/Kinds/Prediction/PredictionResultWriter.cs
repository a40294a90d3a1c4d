using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Peregrine.Models;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>
/// Writes the result of a scored record as the wire contract has it, in UTF-8 and without allocation. The one place that does so:
/// golden records compare these bytes.
/// </summary>
/// <remarks>Doubles are written in their shortest form that reads back to the same bits, so equal text means equal bits.</remarks>
public sealed class PredictionResultWriter
{
    private const int LongestNumber = 32;

    private readonly byte[][] _predictions;
    private readonly byte[][] _probas;
    private readonly int _scoredLength;

    private PredictionResultWriter(IReadOnlyList<string> classes)
    {
        _predictions = [.. classes.Select(label => Utf8($"{{\"prediction\":\"{Escape(label)}\""))];
        _probas = [.. classes.Select((label, i) => Utf8($"{(i == 0 ? ",\"probas\":{" : ",")}\"{Escape(label)}\":"))];
        _scoredLength = 128 + LongestNumber + _predictions.Select(part => part.Length).DefaultIfEmpty().Max()
                        + _probas.Sum(part => part.Length + LongestNumber);
    }

    /// <summary>Precomputes what is constant for a model.</summary>
    public static PredictionResultWriter For(ModelSpec model) => new(model.Classes);

    /// <summary>Writes one result object: <c>{"prediction":"1","probaPercentile":91,"probas":{"0":0.17,"1":0.83},"ignored":false}</c>.</summary>
    public void Write(ScoringContext context, IBufferWriter<byte> output)
    {
        if (context.IgnoreReason is { } reason)
        {
            output.Write("{\"ignored\":true,\"ignoreReason\":\""u8);
            output.Write(reason == CompiledModel.IgnoredByModel ? "IGNORED_BY_MODEL"u8 : Utf8(Escape(reason)));
            output.Write("\"}"u8);
            return;
        }

        var span = output.GetSpan(_scoredLength);
        output.Advance(_predictions.Length == 0 ? WriteValue(context.Value, span) : WriteClasses(context, span));
    }

    private static int WriteValue(double value, Span<byte> span)
    {
        var at = 0;
        Append(span, ref at, "{\"prediction\":"u8);
        AppendNumber(span, ref at, value);
        Append(span, ref at, ",\"ignored\":false}"u8);
        return at;
    }

    private int WriteClasses(ScoringContext context, Span<byte> span)
    {
        var at = 0;
        Append(span, ref at, _predictions[context.PredictedClass]);
        if (context.Percentile >= 0)
        {
            Append(span, ref at, ",\"probaPercentile\":"u8);
            Utf8Formatter.TryFormat(context.Percentile, span[at..], out var digits);
            at += digits;
        }

        var probabilities = context.Probabilities;
        for (var i = 0; i < _probas.Length; i++)
        {
            Append(span, ref at, _probas[i]);
            AppendNumber(span, ref at, probabilities[i]);
        }

        Append(span, ref at, "},\"ignored\":false}"u8);
        return at;
    }

    private static void Append(Span<byte> span, ref int at, ReadOnlySpan<byte> part)
    {
        part.CopyTo(span[at..]);
        at += part.Length;
    }

    /// <summary>JSON has no word for a number that is not finite: it is null.</summary>
    private static void AppendNumber(Span<byte> span, ref int at, double value)
    {
        if (!double.IsFinite(value))
        {
            Append(span, ref at, "null"u8);
            return;
        }

        Utf8Formatter.TryFormat(value, span[at..], out var written);
        at += written;
    }

    private static string Escape(string label) => JsonEncodedText.Encode(label, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
