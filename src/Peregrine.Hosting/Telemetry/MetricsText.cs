using System.Globalization;
using System.Text;

namespace Peregrine.Hosting.Telemetry;

/// <summary>Metric families in the text formats of Prometheus and OpenMetrics.</summary>
public sealed class MetricsText(bool openMetrics)
{
    private readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();

    /// <summary>Begins a family of histograms in seconds; its name ends in <c>_seconds</c>.</summary>
    public void BeginHistogram(string name, string help)
    {
        _text.Append("# TYPE ").Append(name).Append(" histogram\n");
        if (openMetrics) _text.Append("# UNIT ").Append(name).Append(" seconds\n");
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
    }

    /// <param name="labels">Pairs of name and value.</param>
    /// <param name="boundaries">Rising; one fewer than <paramref name="counts"/>.</param>
    /// <param name="counts">By bucket, not summed up.</param>
    public void Histogram(string name, IReadOnlyList<KeyValuePair<string, string>> labels, IReadOnlyList<double> boundaries, IReadOnlyList<long> counts, double sum)
    {
        var shown = string.Join(',', labels.Select(label => $"{label.Key}=\"{Escape(label.Value)}\""));
        var seen = 0L;
        for (var i = 0; i < counts.Count; i++)
        {
            seen += counts[i];
            var limit = i < boundaries.Count ? Number(boundaries[i]) : "+Inf";
            _text.Append(name).Append("_bucket{").Append(shown).Append(shown.Length > 0 ? "," : "").Append("le=\"").Append(limit).Append("\"} ")
                .Append(seen.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        _text.Append(name).Append("_sum{").Append(shown).Append("} ").Append(Number(sum)).Append('\n');
        _text.Append(name).Append("_count{").Append(shown).Append("} ").Append(seen.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>OpenMetrics wants a point in every boundary.</summary>
    private static string Number(double value) => value.ToString("0.0##########", CultureInfo.InvariantCulture);

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
