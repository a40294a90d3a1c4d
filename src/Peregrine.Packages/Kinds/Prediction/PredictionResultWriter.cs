using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Peregrine.Models.Predictors;
using Peregrine.Models;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>
/// Writes the result of a scored record as the wire contract has it, in UTF-8 and without allocation. The one place that does so:
/// golden records compare these bytes.
/// </summary>
/// <remarks>Doubles are written in their shortest form that reads back to the same bits, so equal text means equal bits.</remarks>
public sealed class PredictionResultWriter
{
    private const int LongestNumber = NumberText.Longest;

    private readonly byte[][] _predictions;
    private readonly byte[][] _probas;
    private readonly byte[][] _distances;
    private readonly int _scoredLength;

    /// <param name="clusters">How many of the classes are clusters with a centroid: 0 unless the model puts records into clusters.</param>
    private PredictionResultWriter(IReadOnlyList<string> classes, int clusters)
    {
        _predictions = [.. classes.Select(label => Utf8($"{{\"prediction\":\"{Escape(label)}\""))];
        _probas = clusters > 0 ? [] : Members("probas", classes);
        _distances = Members("distances", classes.Take(clusters));
        _scoredLength = 128 + LongestNumber + _predictions.Select(part => part.Length).DefaultIfEmpty().Max()
                        + _probas.Concat(_distances).Sum(part => part.Length + LongestNumber);
    }

    /// <summary>Precomputes what is constant for a model.</summary>
    public static PredictionResultWriter For(ModelSpec model) =>
        new(model.Classes, model.Predictor is CentroidPredictorSpec centroids ? centroids.Centroids.Count : 0);

    /// <summary>Writes one result object: <c>{"prediction":"1","probaPercentile":91,"probas":{"0":0.17,"1":0.83},"ignored":false}</c>, or of a cluster
    /// <c>{"prediction":"cluster_1","distance":0.8,"distances":{"cluster_0":2.5,"cluster_1":0.8},"ignored":false}</c>.</summary>
    public void Write(ScoringContext context, IBufferWriter<byte> output)
    {
        if (context.IgnoreReason is { } reason)
        {
            output.Write("{\"ignored\":true,\"ignoreReason\":\""u8);
            output.Write(reason switch
            {
                CompiledModel.IgnoredByModel => "IGNORED_BY_MODEL"u8,
                IgnoreReasons.MultipleLookupMatches => "MULTIPLE_LOOKUP_MATCHES"u8,
                IgnoreReasons.NoLookupMatch => "NO_LOOKUP_MATCH"u8,
                _ => Utf8(Escape(reason)),
            });
            output.Write("\"}"u8);
            return;
        }

        var span = output.GetSpan(_scoredLength);
        output.Advance(
            _predictions.Length == 0 ? WriteValue(context.Value, span)
            : _distances.Length > 0 ? WriteCluster(context, span)
            : WriteClasses(context, span));
    }

    private static int WriteValue(double value, Span<byte> span)
    {
        var at = 0;
        Append(span, ref at, "{\"prediction\":"u8);
        AppendNumber(span, ref at, value);
        Append(span, ref at, ",\"ignored\":false}"u8);
        return at;
    }

    private int WriteCluster(ScoringContext context, Span<byte> span)
    {
        var at = 0;
        Append(span, ref at, _predictions[context.PredictedClass]);
        Append(span, ref at, ",\"distance\":"u8);
        AppendNumber(span, ref at, context.Value);
        AppendMembers(span, ref at, _distances, context.Scores);
        Append(span, ref at, "},\"ignored\":false}"u8);
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

        AppendMembers(span, ref at, _probas, context.Probabilities);
        Append(span, ref at, "},\"ignored\":false}"u8);
        return at;
    }

    private static void AppendMembers(Span<byte> span, ref int at, byte[][] names, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < names.Length; i++)
        {
            Append(span, ref at, names[i]);
            AppendNumber(span, ref at, values[i]);
        }
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

        at += NumberText.Write(value, span[at..]);
    }

    /// <summary>The pieces before each value of an object with a member per label.</summary>
    private static byte[][] Members(string name, IEnumerable<string> labels) =>
        [.. labels.Select((label, i) => Utf8($"{(i == 0 ? $",\"{name}\":{{" : ",")}\"{Escape(label)}\":"))];

    private static string Escape(string label) => JsonEncodedText.Encode(label, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
