using Peregrine.Datasets.Tables;

namespace Peregrine.Datasets.Profiles;

/// <summary>Computes profiles. Exact: numbers are sorted once, texts counted by their codes.</summary>
public static class ColumnProfiler
{
    private const int TopValues = 20;
    private const int Bins = 20;
    private static readonly double[] s_shares = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1];

    public static ColumnProfile Profile(TableColumn column) => column switch
    {
        TextColumn text => OfText(text),
        NumberColumn number => OfNumbers(number),
        _ => throw new ArgumentException($"No profile for {column.GetType().Name}.", nameof(column)),
    };

    /// <summary>One profile per column, in the table's order.</summary>
    public static IReadOnlyList<ColumnProfile> Profile(Table table, CancellationToken cancellationToken = default)
    {
        var profiles = new ColumnProfile[table.Columns.Count];
        for (var at = 0; at < profiles.Length; at++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            profiles[at] = Profile(table.Columns[at]);
        }

        return profiles;
    }

    private static ColumnProfile OfText(TextColumn column)
    {
        var counts = new int[column.Dictionary.Count];
        foreach (var code in column.Codes)
            if (code >= 0) counts[code]++;
        var order = new PriorityQueue<int, (int Count, int Code)>();
        for (var code = 0; code < counts.Length; code++)
        {
            order.Enqueue(code, (counts[code], -code));
            if (order.Count > TopValues) order.Dequeue();
        }

        var top = order.UnorderedItems.OrderByDescending(item => item.Priority)
            .Select(item => new ValueCount(column.Dictionary.Text(item.Element), counts[item.Element]));
        return Base(column, counts.Length) with { Top = [.. top] };
    }

    private static ColumnProfile OfNumbers(NumberColumn column)
    {
        var sorted = new double[column.Rows - column.Missing];
        var at = 0;
        foreach (var value in column.Values)
            if (!double.IsNaN(value)) sorted[at++] = value;
        Array.Sort(sorted);
        var runs = Runs(sorted, out var distinct);
        var top = runs.OrderByDescending(run => run.Count).ThenBy(run => run.Value).Take(TopValues)
            .Select(run => new ValueCount(NumberColumn.Format(column.Kind, run.Value), run.Count));
        return Base(column, distinct) with { Numbers = Figures(sorted), Top = [.. top] };
    }

    private static ColumnProfile Base(TableColumn column, int distinct) => new()
    {
        Name = column.Name,
        Kind = column.Kind,
        Rows = column.Rows,
        Missing = column.Missing,
        Distinct = distinct,
        Warning = column.IsAllMissing ? "The column is empty in every row: it cannot be a target and is ignored as a feature." : null,
    };

    /// <summary>The distinct values with their counts as long as they are few; the number of distinct values always.</summary>
    private static List<(double Value, int Count)> Runs(double[] sorted, out int distinct)
    {
        const int few = 1000;
        var runs = new List<(double Value, int Count)>();
        distinct = 0;
        for (int from = 0, to; from < sorted.Length; from = to)
        {
            to = from + 1;
            while (to < sorted.Length && sorted[to].Equals(sorted[from])) to++;
            if (distinct++ < few) runs.Add((sorted[from], to - from));
        }

        if (distinct > few) runs.Clear();
        return runs;
    }

    private static NumberProfile? Figures(double[] sorted)
    {
        if (sorted.Length == 0) return null;
        double mean = 0, squares = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            var delta = sorted[i] - mean;
            mean += delta / (i + 1);
            squares += delta * (sorted[i] - mean);
        }

        var deviation = sorted.Length == 1 ? 0 : Math.Sqrt(squares / (sorted.Length - 1));
        return new NumberProfile(
            sorted[0], sorted[^1], mean, deviation, [.. s_shares.Select(share => new Quantile(share, QuantileOf(sorted, share)))], Histogram(sorted));
    }

    private static double QuantileOf(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        if (below == sorted.Length - 1) return sorted[below];
        return sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]);
    }

    private static HistogramBin[] Histogram(double[] sorted)
    {
        double min = sorted[0], max = sorted[^1];
        if (min.Equals(max)) return [new HistogramBin(min, max, sorted.Length)];
        var counts = new int[Bins];
        foreach (var value in sorted) counts[Math.Min(Bins - 1, (int)((value / 2 - min / 2) / (max / 2 - min / 2) * Bins))]++;
        double Edge(int bin) => bin == Bins ? max : min + bin * (max / Bins - min / Bins);
        return [.. counts.Select((count, bin) => new HistogramBin(Edge(bin), Edge(bin + 1), count))];
    }
}
