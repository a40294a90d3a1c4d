namespace Peregrine.Training.Clustering;

/// <summary>Centroids with the smallest sum of squared distances of rows to theirs, as far as starting from several places finds it.</summary>
/// <remarks>
/// Lloyd's rounds, in which bounds spare most distances: Hamerly, Making k-means even faster (2010). Each row keeps an upper bound of the distance to its
/// centroid and a lower one of that to any other. The outcome is Lloyd's own.
/// </remarks>
internal sealed class KMeans(PointSet points, int clusters, int mostIterations, CancellationToken cancellationToken)
{
    private readonly int[] _labels = new int[points.Rows];
    private readonly double[] _upper = new double[points.Rows];
    private readonly double[] _lower = new double[points.Rows];
    private double[] _centroids = [];

    /// <param name="progress">Told after each start.</param>
    /// <returns>Null when there are fewer different rows than clusters.</returns>
    public static KMeansFit? Fit(
        PointSet points, int clusters, int restarts, int mostIterations, Random random, Action progress, CancellationToken cancellationToken)
    {
        KMeansFit? best = null;
        var solver = new KMeans(points, clusters, mostIterations, cancellationToken);
        for (var start = 0; start < restarts; start++)
        {
            if (CentroidSeeding.Draw(points, clusters, random, cancellationToken) is not { } seeds) return null;
            var fit = solver.From(seeds);
            if (best is null || fit.Inertia < best.Inertia) best = fit;
            progress();
        }

        return best;
    }

    /// <summary>Goes on from these centroids until no row changes its cluster.</summary>
    /// <param name="seeds">Shape [clusters × width].</param>
    public KMeansFit From(double[] seeds)
    {
        _centroids = (double[])seeds.Clone();
        AssignAll();
        var iterations = 0;
        for (var step = Step.Moved; step != Step.Settled && iterations < mostIterations; iterations++)
        {
            step = MoveCentroids();
            if (step == Step.Moved && !Reassign()) step = Step.Settled;
        }

        var inertia = points.Sum((from, to) =>
        {
            var sum = 0.0;
            for (var row = from; row < to; row++) sum += PointSet.SquaredDistance(points[row], Centroid(_labels[row]));
            return sum;
        }, cancellationToken);
        return new KMeansFit(clusters, _centroids, (int[])_labels.Clone(), inertia, iterations);
    }

    private ReadOnlySpan<double> Centroid(int cluster) => _centroids.AsSpan(cluster * points.Width, points.Width);

    private void AssignAll() => points.ForBlocks((_, from, to) =>
    {
        for (var row = from; row < to; row++) Assign(row);
    }, cancellationToken);

    /// <summary>Measures a row to all centroids.</summary>
    private bool Assign(int row)
    {
        var (label, first, second) = (0, double.PositiveInfinity, double.PositiveInfinity);
        for (var cluster = 0; cluster < clusters; cluster++)
        {
            var square = PointSet.SquaredDistance(points[row], Centroid(cluster));
            if (square < first) (label, first, second) = (cluster, square, first);
            else if (square < second) second = square;
        }

        (_upper[row], _lower[row]) = (Math.Sqrt(first), Math.Sqrt(second));
        var changed = _labels[row] != label;
        _labels[row] = label;
        return changed;
    }

    /// <summary>Puts each centroid into the middle of its rows and widens the bounds by how far it went.</summary>
    private Step MoveCentroids()
    {
        var before = _centroids;
        _centroids = Means(out var counts);
        if (FillEmpty(counts)) return Step.Refilled;
        var moves = new double[clusters];
        for (var cluster = 0; cluster < clusters; cluster++)
            moves[cluster] = Math.Sqrt(PointSet.SquaredDistance(before.AsSpan(cluster * points.Width, points.Width), Centroid(cluster)));
        var farthest = Array.IndexOf(moves, moves.Max());
        if (moves[farthest] == 0) return Step.Settled;
        var next = moves.Where((_, cluster) => cluster != farthest).Max();
        points.ForBlocks((_, from, to) =>
        {
            for (var row = from; row < to; row++)
            {
                _upper[row] += moves[_labels[row]];
                _lower[row] -= _labels[row] == farthest ? next : moves[farthest];
            }
        }, cancellationToken);
        return Step.Moved;
    }

    private double[] Means(out int[] counts)
    {
        var width = points.Width;
        var sums = new double[points.Blocks][];
        var rows = new int[points.Blocks][];
        points.ForBlocks((block, from, to) =>
        {
            var (sum, count) = (new double[clusters * width], new int[clusters]);
            for (var row = from; row < to; row++)
            {
                var target = sum.AsSpan(_labels[row] * width, width);
                var values = points[row];
                for (var i = 0; i < width; i++) target[i] += values[i];
                count[_labels[row]]++;
            }

            (sums[block], rows[block]) = (sum, count);
        }, cancellationToken);
        var means = new double[clusters * width];
        counts = new int[clusters];
        for (var block = 0; block < points.Blocks; block++)
        {
            for (var i = 0; i < means.Length; i++) means[i] += sums[block][i];
            for (var cluster = 0; cluster < clusters; cluster++) counts[cluster] += rows[block][cluster];
        }

        for (var i = 0; i < means.Length; i++) means[i] /= Math.Max(1, counts[i / width]);
        return means;
    }

    /// <summary>Gives a cluster without rows the row that lies farthest from its own centroid, and measures everything anew.</summary>
    private bool FillEmpty(int[] counts)
    {
        if (!counts.Contains(0)) return false;
        for (var cluster = 0; cluster < clusters; cluster++)
        {
            if (counts[cluster] > 0) continue;
            var (row, farthest) = (-1, -1.0);
            for (var at = 0; at < points.Rows; at++)
            {
                if (counts[_labels[at]] < 2) continue;
                var square = PointSet.SquaredDistance(points[at], Centroid(_labels[at]));
                if (square > farthest) (row, farthest) = (at, square);
            }

            if (row < 0) break;
            counts[_labels[row]]--;
            counts[cluster] = 1;
            _labels[row] = cluster;
            points[row].CopyTo(_centroids.AsSpan(cluster * points.Width));
        }

        AssignAll();
        return true;
    }

    /// <summary>False when every row stays in its cluster.</summary>
    private bool Reassign()
    {
        var half = HalfDistances();
        var changes = points.Sum((from, to) =>
        {
            var changed = 0;
            for (var row = from; row < to; row++)
            {
                var safe = Math.Max(half[_labels[row]], _lower[row]);
                if (_upper[row] <= safe) continue;
                _upper[row] = Math.Sqrt(PointSet.SquaredDistance(points[row], Centroid(_labels[row])));
                if (_upper[row] > safe && Assign(row)) changed++;
            }

            return changed;
        }, cancellationToken);
        return changes > 0;
    }

    /// <summary>Half of each centroid's distance to the nearest other one: a row nearer than that is in its cluster.</summary>
    private double[] HalfDistances()
    {
        var half = new double[clusters];
        for (var cluster = 0; cluster < clusters; cluster++)
        {
            var least = double.PositiveInfinity;
            for (var other = 0; other < clusters; other++)
                if (other != cluster) least = Math.Min(least, PointSet.SquaredDistance(Centroid(cluster), Centroid(other)));
            half[cluster] = Math.Sqrt(least) / 2;
        }

        return half;
    }

    private enum Step
    {
        /// <summary>No centroid went anywhere.</summary>
        Settled,

        /// <summary>Rows may belong elsewhere now.</summary>
        Moved,

        /// <summary>A cluster without rows was given one, and all rows were measured anew.</summary>
        Refilled,
    }
}
