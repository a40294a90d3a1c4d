namespace Peregrine.Training.Clustering;

/// <summary>How well clusters stand apart: for each row, how much nearer its own cluster is than the next one, -1 to 1.</summary>
/// <remarks>Rousseeuw (1987). A row alone in its cluster counts as 0.</remarks>
internal static class Silhouette
{
    /// <summary>The mean over some rows, exact for them. O(rows² · width).</summary>
    /// <param name="rows">Places in <paramref name="points"/>, two at least.</param>
    /// <param name="labels">The cluster of every point.</param>
    /// <returns>0 when the rows are all of one cluster.</returns>
    public static double Mean(PointSet points, int[] rows, int[] labels, int clusters, int threads, CancellationToken cancellationToken)
    {
        var counts = new int[clusters];
        foreach (var row in rows) counts[labels[row]]++;
        var values = new double[rows.Length];
        Parallel.For(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, at =>
        {
            Span<double> sums = stackalloc double[clusters];
            sums.Clear();
            foreach (var other in rows) sums[labels[other]] += Math.Sqrt(PointSet.SquaredDistance(points[rows[at]], points[other]));
            values[at] = Of(labels[rows[at]], sums, counts);
        });
        return values.Average();
    }

    private static double Of(int own, ReadOnlySpan<double> sums, int[] counts)
    {
        if (counts[own] < 2) return 0;
        var nearest = double.PositiveInfinity;
        for (var cluster = 0; cluster < sums.Length; cluster++)
            if (cluster != own && counts[cluster] > 0) nearest = Math.Min(nearest, sums[cluster] / counts[cluster]);
        if (double.IsPositiveInfinity(nearest)) return 0;
        var within = sums[own] / (counts[own] - 1);
        var larger = Math.Max(within, nearest);
        return larger == 0 ? 0 : (nearest - within) / larger;
    }
}
