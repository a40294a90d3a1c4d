namespace Peregrine.Models.Drift;

/// <summary>Comparisons of two samples that were counted over the same cells: training and live.</summary>
public static class DriftStatistics
{
    private const double LeastExpected = 5;

    /// <summary>
    /// Population stability index, Σ (p - q) ln(p / q), with half a row added to each cell; cells empty on both sides are left out. 0 when one sample is
    /// empty. Without drift it is about (1/n + 1/m) χ² of one degree less than there are cells.
    /// </summary>
    public static double Psi(ReadOnlySpan<long> training, ReadOnlySpan<long> live)
    {
        long n = 0, m = 0;
        var used = 0;
        for (var i = 0; i < training.Length; i++)
        {
            n += training[i];
            m += live[i];
            if (training[i] + live[i] > 0) used++;
        }

        if (n == 0 || m == 0) return 0;
        var psi = 0.0;
        for (var i = 0; i < training.Length; i++)
        {
            if (training[i] + live[i] == 0) continue;
            var q = (training[i] + 0.5) / (n + 0.5 * used);
            var p = (live[i] + 0.5) / (m + 0.5 * used);
            psi += (p - q) * Math.Log(p / q);
        }

        return psi;
    }

    /// <summary>
    /// Two-sample Kolmogorov-Smirnov over ordered cells, with the asymptotic p-value. Seen at the cells' edges only, the distance is at most the
    /// true one, so the p-value errs on the careful side.
    /// </summary>
    public static TestOutcome KolmogorovSmirnov(ReadOnlySpan<long> training, ReadOnlySpan<long> live)
    {
        double n = Sum(training), m = Sum(live);
        if (n == 0 || m == 0) return new(0, 1);
        long a = 0, c = 0;
        var largest = 0.0;
        for (var i = 0; i < training.Length; i++)
        {
            a += training[i];
            c += live[i];
            largest = Math.Max(largest, Math.Abs(a / n - c / m));
        }

        return new(largest, SpecialFunctions.KolmogorovTail(largest * Math.Sqrt(n * m / (n + m))));
    }

    /// <summary>Two-sample chi-square. Neighbouring cells are put together until each side expects at least 5 rows in each.</summary>
    public static TestOutcome ChiSquare(ReadOnlySpan<long> training, ReadOnlySpan<long> live)
    {
        double n = Sum(training), m = Sum(live);
        if (n == 0 || m == 0) return new(0, 1);
        var least = LeastExpected * (n + m) / Math.Min(n, m); // rows of both sides that a cell needs
        var merged = Merge(training, live, least);
        if (merged.Count < 2) return new(0, 1);
        var statistic = 0.0;
        foreach (var (a, c) in merged)
        {
            var difference = Math.Sqrt(m / n) * a - Math.Sqrt(n / m) * c;
            statistic += difference * difference / (a + c);
        }

        return new(statistic, SpecialFunctions.ChiSquareTail(statistic, merged.Count - 1));
    }

    /// <summary>Benjamini-Hochberg: p-values so adjusted that those at most α hold at most a share α of false alarms.</summary>
    /// <returns>In the order of <paramref name="p"/>.</returns>
    public static double[] AdjustForMany(IReadOnlyList<double> p)
    {
        int[] order = [.. Enumerable.Range(0, p.Count).OrderBy(i => p[i])];
        var adjusted = new double[p.Count];
        var least = 1.0;
        for (var rank = p.Count; rank > 0; rank--)
            adjusted[order[rank - 1]] = least = Math.Min(least, p.Count * p[order[rank - 1]] / rank);
        return adjusted;
    }

    /// <summary>Puts neighbouring cells together until each group holds a share of the training rows, the last group perhaps less.</summary>
    /// <param name="share">0 to 1.</param>
    /// <returns>The cell behind the end of each group.</returns>
    public static List<int> Group(ReadOnlySpan<long> training, double share)
    {
        var ends = new List<int>();
        var wanted = Math.Max(1, share * Sum(training));
        long held = 0;
        for (var cell = 0; cell < training.Length; cell++)
        {
            held += training[cell];
            if (held < wanted) continue;
            ends.Add(cell + 1);
            held = 0;
        }

        if (ends.Count == 0) ends.Add(training.Length);
        // What is left over is too little for a group of its own.
        else ends[^1] = training.Length;
        return ends;
    }

    public static long Sum(ReadOnlySpan<long> counts)
    {
        var sum = 0L;
        foreach (var count in counts) sum += count;
        return sum;
    }

    private static List<(long Training, long Live)> Merge(ReadOnlySpan<long> training, ReadOnlySpan<long> live, double least)
    {
        var merged = new List<(long Training, long Live)>();
        long a = 0, c = 0;
        for (var i = 0; i < training.Length; i++)
        {
            a += training[i];
            c += live[i];
            if (a + c < least) continue;
            merged.Add((a, c));
            (a, c) = (0, 0);
        }

        if (a + c == 0) return merged;
        if (merged.Count == 0) merged.Add((a, c));
        else merged[^1] = (merged[^1].Training + a, merged[^1].Live + c);
        return merged;
    }
}
