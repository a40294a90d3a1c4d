using Peregrine.Training.Clustering;

namespace Peregrine.Training.Tests.Clustering;

public sealed class KMeansTests
{
    /// <summary>Rows of three blocks, so that sums go over blocks too.</summary>
    [Theory]
    [InlineData(2, 3)]
    [InlineData(9, 5)]
    [InlineData(30, 2)]
    public void From_RandomRows_ComesToWhatPlainRoundsComeTo(int clusters, int width)
    {
        var random = new Random(clusters);
        double[] values = [.. Enumerable.Range(0, 9000 * width).Select(_ => random.NextDouble() * random.NextDouble())];
        var points = new PointSet(values, width, threads: 2);
        var seeds = CentroidSeeding.Draw(points, clusters, random, default).ShouldNotBeNull();
        var (labels, inertia) = PlainRounds(values, width, seeds);
        var fit = new KMeans(points, clusters, 10_000, default).From(seeds);
        fit.Labels.ShouldBe(labels);
        fit.Inertia.ShouldBe(inertia, 1e-9 * inertia);
        fit.Iterations.ShouldBeGreaterThan(3);
    }

    [Fact]
    public void From_ACentroidThatNoRowIsNearTo_GivesItRows()
    {
        // None of them at 0, where a centroid without rows would come to lie.
        var points = new PointSet([50, 51, 52, 150, 151, 152], 1, 1);
        var fit = new KMeans(points, 3, 100, default).From([51, 151, 1e6]);
        fit.Labels.Distinct().Count().ShouldBe(3);
        fit.Inertia.ShouldBe(2.5, 1e-12); // {50}, {51, 52} and the other three: 0 + 0.5 + 2
    }

    [Fact]
    public void LargestFirst_OfEqualSizes_GoesByTheCentroids()
    {
        var fit = new KMeansFit(3, [5, 0, 1, 9, 1, 3], [0, 1, 2, 2, 1, 0, 0], 0, 1).LargestFirst();
        fit.Centroids.ShouldBe([5, 0, 1, 3, 1, 9]);
        fit.Labels.ShouldBe([0, 2, 1, 1, 2, 0, 0]);
    }

    [Fact]
    public void Draw_FewerDifferentRowsThanClusters_SaysSo() => CentroidSeeding.Draw(new PointSet([1, 2, 1, 2, 1], 1, 1), 3, new Random(1), default).ShouldBeNull();

    /// <summary>The species of the irises as clusters of the raw lengths: scikit-learn 1.2.1's silhouette_score.</summary>
    [Fact]
    public void Silhouette_OfKnownLabels_IsThatOfAnotherProgram()
    {
        var points = new PointSet([.. Iris.Values.SelectMany(row => row)], 4, 2);
        int[] rows = [.. Enumerable.Range(0, 150)];
        Silhouette.Mean(points, rows, Array.ConvertAll(rows, row => row / 50), 3, 2, default).ShouldBe(0.503477440693296, 1e-12);
    }

    [Fact]
    public void Silhouette_RowAloneInItsCluster_CountsAsNought()
    {
        var points = new PointSet([0, 1, 10], 1, 1);
        Silhouette.Mean(points, [0, 1, 2], [0, 0, 1], 2, 1, default).ShouldBe((0.9 + (8.0 / 9)) / 3, 1e-12);
        Silhouette.Mean(points, [0, 1], [0, 0, 1], 2, 1, default).ShouldBe(0);
    }

    private static (int[] Labels, double Inertia) PlainRounds(double[] values, int width, double[] seeds)
    {
        var centroids = (double[])seeds.Clone();
        var clusters = seeds.Length / width;
        var labels = new int[values.Length / width];
        while (true)
        {
            var changed = false;
            var inertia = 0.0;
            for (var row = 0; row < labels.Length; row++)
            {
                var squares = Enumerable.Range(0, clusters).Select(cluster => Enumerable.Range(0, width).Sum(i => Math.Pow(values[(row * width) + i] - centroids[(cluster * width) + i], 2))).ToArray();
                var label = Array.IndexOf(squares, squares.Min());
                changed |= label != labels[row];
                labels[row] = label;
                inertia += squares[label];
            }

            if (!changed) return (labels, inertia);
            for (var cluster = 0; cluster < clusters; cluster++)
            {
                int[] mine = [.. Enumerable.Range(0, labels.Length).Where(row => labels[row] == cluster)];
                for (var i = 0; i < width; i++) centroids[(cluster * width) + i] = mine.Average(row => values[(row * width) + i]);
            }
        }
    }
}
