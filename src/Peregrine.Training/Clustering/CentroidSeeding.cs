namespace Peregrine.Training.Clustering;

/// <summary>First centroids that lie apart: each next one is drawn with a chance that grows with its squared distance from those before.</summary>
/// <remarks>k-means++ of Arthur and Vassilvitskii (2007), where of a few drawn rows the one that leaves the smallest sum of squares is taken.</remarks>
internal static class CentroidSeeding
{
    /// <returns>Shape [clusters × width]; null when there are fewer different rows than clusters.</returns>
    public static double[]? Draw(PointSet points, int clusters, Random random, CancellationToken cancellationToken)
    {
        var centroids = new double[clusters * points.Width];
        var nearest = new double[points.Rows];
        nearest.AsSpan().Fill(double.PositiveInfinity);
        var row = random.Next(points.Rows);
        var sum = Add(points, row, nearest, cancellationToken);
        points[row].CopyTo(centroids);
        var draws = 2 + (int)Math.Log(clusters);
        for (var cluster = 1; cluster < clusters; cluster++)
        {
            if (sum <= 0) return null;
            row = Best(points, nearest, [.. Enumerable.Range(0, draws).Select(_ => random.NextDouble() * sum)], cancellationToken);
            sum = Add(points, row, nearest, cancellationToken);
            points[row].CopyTo(centroids.AsSpan(cluster * points.Width));
        }

        return centroids;
    }

    /// <summary>Takes a row as a centroid.</summary>
    /// <returns>The sum of squared distances that is left.</returns>
    private static double Add(PointSet points, int row, double[] nearest, CancellationToken cancellationToken) => points.Sum((from, to) =>
    {
        var sum = 0.0;
        for (var at = from; at < to; at++)
        {
            nearest[at] = Math.Min(nearest[at], PointSet.SquaredDistance(points[at], points[row]));
            sum += nearest[at];
        }

        return sum;
    }, cancellationToken);

    private static int Best(PointSet points, double[] nearest, double[] targets, CancellationToken cancellationToken)
    {
        var (best, least) = (0, double.PositiveInfinity);
        foreach (var row in targets.Select(target => RowAt(nearest, target)).Distinct())
        {
            var left = points.Sum((from, to) =>
            {
                var sum = 0.0;
                for (var at = from; at < to; at++) sum += Math.Min(nearest[at], PointSet.SquaredDistance(points[at], points[row]));
                return sum;
            }, cancellationToken);
            if (left < least) (best, least) = (row, left);
        }

        return best;
    }

    /// <summary>The first row at which the running sum passes a target; never one that is a centroid already.</summary>
    private static int RowAt(double[] nearest, double target)
    {
        var (sum, last) = (0.0, 0);
        for (var at = 0; at < nearest.Length; at++)
        {
            if (nearest[at] <= 0) continue;
            (sum, last) = (sum + nearest[at], at);
            if (sum > target) return at;
        }

        return last;
    }
}
