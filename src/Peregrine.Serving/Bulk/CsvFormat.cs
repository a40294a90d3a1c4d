using System.Buffers;
using System.Text;
using Peregrine.Models;
using Peregrine.Models.Predictors;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Bulk;

/// <summary>
/// A table: <c>prediction</c>, for classes <c>probaPercentile</c> and <c>proba_{class}</c>, for clusters <c>distance</c> and <c>distance_{cluster}</c>, when results are explained
/// <c>explanation_{field}</c>, then <c>ignored</c>, <c>ignoreReason</c> and <c>error</c>. A record is one line, its error too. Prepared records have no place in it.
/// </summary>
internal sealed class CsvFormat : RowFormat
{
    private static readonly SearchValues<char> s_quoted = SearchValues.Create(",\"\r\n");

    private readonly byte[] _header;
    private readonly byte[][] _classes;
    private readonly bool _isClustering;
    private readonly byte[] _blank; // commas up to 'ignored'
    private readonly bool[] _named; // by field: whether the explanation of the record at hand names it
    private readonly int _mostNamed;

    /// <param name="explained">The fields by which results are explained; empty: they are not.</param>
    /// <param name="mostNamed">Most of them whose influence is told for a record, the largest; the cells of others stay empty.</param>
    public CsvFormat(ModelSpec model, IReadOnlyList<string> explained, int mostNamed)
    {
        _named = new bool[explained.Count];
        _mostNamed = mostNamed;
        string[] scores = model.Predictor is CentroidPredictorSpec centroids
            ? ["distance", .. model.Classes.Take(centroids.Centroids.Count).Select(label => $"distance_{label}")]
            : model.Classes.Count == 0 ? [] : ["probaPercentile", .. model.Classes.Select(label => $"proba_{label}")];
        _isClustering = model.Predictor is CentroidPredictorSpec;
        string[] columns = ["prediction", .. scores, .. explained.Select(field => $"explanation_{field}"), "ignored", "ignoreReason", "error"];
        _header = Encoding.UTF8.GetBytes(string.Join(',', columns.Select(Quote)) + "\n");
        _classes = [.. model.Classes.Select(label => Encoding.UTF8.GetBytes(Quote(label)))];
        _blank = Encoding.UTF8.GetBytes(new string(',', scores.Length + explained.Count + 1));
    }

    public override string ContentType => "text/csv; charset=utf-8; header=present";

    public override void Begin(Utf8Output output) => output.Write(_header);

    public override void Result(ScoringContext context, ReadOnlySpan<byte> result, bool first, Utf8Output output)
    {
        if (context.IgnoreReason is { } reason)
        {
            output.Write(_blank);
            output.Write("true,"u8);
            output.Write(Encoding.UTF8.GetBytes(Quote(reason)));
            output.Write(",\n"u8);
            return;
        }

        if (_classes.Length == 0) WriteNumber(context.Value, output);
        else WriteClass(context, output);
        if (_named.Length > 0) WriteExplanations(context, output);
        output.Write(",false,,\n"u8);
    }

    public override void Error(RowError error, bool first, Utf8Output output)
    {
        output.Write(_blank);
        output.Write(",,"u8);
        output.Write(Encoding.UTF8.GetBytes(Quote(Invariant($"line {error.Line}: {error.Code}: {error.Message}").ReplaceLineEndings(" "))));
        output.Write((byte)'\n');
    }

    public override void End(in StreamTotals totals, Utf8Output output)
    {
        // A table has no place for it: a stream that was stopped is cut off.
    }

    private void WriteClass(ScoringContext context, Utf8Output output)
    {
        output.Write(_classes[context.PredictedClass]);
        output.Write((byte)',');
        if (_isClustering) WriteNumber(context.Value, output);
        else if (context.Percentile >= 0) output.WriteInteger(context.Percentile);
        foreach (var score in _isClustering ? context.Scores : context.Probabilities)
        {
            output.Write((byte)',');
            WriteNumber(score, output);
        }
    }

    private void WriteExplanations(ScoringContext context, Utf8Output output)
    {
        _named.AsSpan().Clear();
        var order = context.RankInfluences();
        for (var rank = 0; rank < order.Length && rank < _mostNamed; rank++) _named[order[rank]] = true;
        var influences = context.Influences;
        for (var field = 0; field < _named.Length; field++)
        {
            output.Write((byte)',');
            if (_named[field]) WriteNumber(influences[field], output);
        }
    }

    /// <summary>As in JSON, so that the same bits are read back; nothing where it is not finite.</summary>
    private static void WriteNumber(double value, Utf8Output output)
    {
        if (double.IsFinite(value)) output.WriteDouble(value);
    }

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(s_quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
