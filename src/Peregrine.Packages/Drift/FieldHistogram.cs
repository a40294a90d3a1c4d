using System.Globalization;
using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Models.Drift;

namespace Peregrine.Packages.Drift;

/// <summary>A field's counts as a few bars.</summary>
internal static class FieldHistogram
{
    private const double GroupShare = 0.1;
    private const int MostValues = 8;

    private static readonly string[] s_days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    public static IReadOnlyList<DriftBar> Draw(FieldDrift field, long[] training, long[] live)
    {
        var bars = new Bars(training, live);
        switch (field.Kind)
        {
            case FieldKinds.Number:
                AddRanges(bars, field.Counts!.Edges, training);
                break;
            case FieldKinds.Category:
                AddValues(bars, field.Counts!.Values);
                break;
            case FieldKinds.HourOfDay:
                for (var hour = 0; hour < 24; hour += 2) bars.Add(string.Create(CultureInfo.InvariantCulture, $"{hour}–{hour + 2} h"), hour, hour + 2);
                break;
            case FieldKinds.DayOfWeek:
                for (var day = 0; day < 7; day++) bars.Add(s_days[day], day, day + 1);
                break;
            default:
                bars.Add("present", 0, 1);
                break;
        }

        bars.AddIfAny("missing", training.Length - 1, training.Length);
        return bars.All;
    }

    /// <summary>Below what training saw, tenths of its rows, above it.</summary>
    private static void AddRanges(Bars bars, IReadOnlyList<double> edges, long[] training)
    {
        if (edges.Count == 0) return;
        var last = training.Length - 2; // the cell above the last edge
        bars.AddIfAny($"< {Number(edges[0])}", 0, 1);
        var begin = 1;
        foreach (var end in DriftStatistics.Group(training.AsSpan(1..last), GroupShare).Select(end => end + 1))
        {
            var (from, to) = (Number(edges[begin - 1]), Number(edges[end - 1]));
            bars.Add(from == to || end - begin == 1 && edges.Count < 20 ? to : $"{from} – {to}", begin, end);
            begin = end;
        }

        bars.AddIfAny($"> {Number(edges[^1])}", last, last + 1);
    }

    private static void AddValues(Bars bars, IReadOnlyList<string> values)
    {
        var own = Math.Min(values.Count, MostValues);
        for (var value = 0; value < own; value++) bars.Add(values[value], value, value + 1);
        bars.AddIfAny("other", own, values.Count + 1);
        bars.AddIfAny("unseen", values.Count + 1, values.Count + 2);
    }

    /// <summary>At most four digits; the first edge lies a hair below the smallest value.</summary>
    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private sealed class Bars(long[] training, long[] live)
    {
        private readonly double _n = Math.Max(1, DriftStatistics.Sum(training));
        private readonly double _m = Math.Max(1, DriftStatistics.Sum(live));

        public List<DriftBar> All { get; } = [];

        public void Add(string label, int begin, int end) => All.Add(new DriftBar(
            label, DriftStatistics.Sum(training.AsSpan(begin..end)) / _n, DriftStatistics.Sum(live.AsSpan(begin..end)) / _m));

        public void AddIfAny(string label, int begin, int end)
        {
            if (DriftStatistics.Sum(training.AsSpan(begin..end)) + DriftStatistics.Sum(live.AsSpan(begin..end)) > 0) Add(label, begin, end);
        }
    }
}
