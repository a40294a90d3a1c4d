using Peregrine.Models.Drift;

namespace Peregrine.Training.Reference;

/// <summary>Edges between cells that hold about as many rows each.</summary>
internal static class QuantileEdges
{
    // Edges need no more rows than this to be good; the counts are taken over all rows.
    private const int MostSampled = 200_000;

    /// <summary>
    /// Each distinct value when they are few. The first edge lies just below the smallest value and the last one at the largest, so that the outer cells
    /// are empty in training.
    /// </summary>
    /// <param name="values">NaN is missing.</param>
    public static double[] Of(ReadOnlySpan<double> values)
    {
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            if (double.IsNaN(value)) continue;
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        if (least > most) return [];
        var sample = Sample(values);
        var inner = new SortedSet<double>(Cuts(sample, FieldReference.MostEdges - 2)) { most };
        inner.Add(Math.Max(Math.BitDecrement(least), double.MinValue));
        return [.. inner];
    }

    private static double[] Sample(ReadOnlySpan<double> values)
    {
        var stride = (values.Length + MostSampled - 1) / MostSampled;
        var sample = new List<double>(values.Length / stride + 1);
        for (var row = 0; row < values.Length; row += stride)
            if (!double.IsNaN(values[row])) sample.Add(values[row]);
        sample.Sort();
        return [.. sample];
    }

    private static IEnumerable<double> Cuts(double[] sorted, int most)
    {
        if (sorted.Length == 0) return [];
        double[] distinct = [.. Distinct(sorted).Take(most + 1)];
        return distinct.Length <= most
            ? distinct
            : Enumerable.Range(1, most).Select(i => sorted[(int)((long)i * sorted.Length / (most + 1))]);
    }

    private static IEnumerable<double> Distinct(double[] sorted)
    {
        for (var i = 0; i < sorted.Length; i++)
            if (i == 0 || sorted[i] != sorted[i - 1]) yield return sorted[i];
    }
}
