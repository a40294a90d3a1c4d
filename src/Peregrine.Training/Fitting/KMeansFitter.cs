using System.Globalization;
using Peregrine.Models;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Training.Clustering;
using Peregrine.Training.Evaluation;
using Peregrine.Training.Features;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Fitting;

/// <summary>K-means on standardised features; of several numbers of clusters the one with the best silhouette.</summary>
internal sealed class KMeansFitter : IModelFitter
{
    public const string OutliersLabel = "cluster_outliers";

    public TrainingAlgorithm Algorithm => TrainingAlgorithm.KMeans;

    public string Name(PredictionKind prediction) => "K-means";

    public FittedModel Fit(TrainingData data, TreeRows treeRows, Action<double, int?> progress, CancellationToken cancellationToken)
    {
        var spec = data.Request.Clustering;
        spec.Check();
        var features = LinearFeatures.Fit(data, encoder: null);
        var random = new Random(data.Request.Seed);
        var points = Points(data, features, random, cancellationToken);
        int[] sample = Draw(points.Rows, spec.SilhouetteRows, random);
        var tried = new List<(KMeansFit Fit, double Silhouette)>();
        var counts = spec.Clusters.Distinct().Order().ToList();
        double done = 0, work = counts.Sum() * spec.Restarts;
        foreach (var clusters in counts)
        {
            var fit = KMeans.Fit(points, clusters, spec.Restarts, spec.MostIterations, random, () => progress((done += clusters) / work, null), cancellationToken);
            if (fit is null) break;
            tried.Add((fit, Silhouette.Mean(points, sample, fit.Labels, clusters, data.Request.Threads, cancellationToken)));
        }

        if (tried.Count == 0) throw TooFewDifferentRows(points.Rows, counts[0]);
        var best = tried.MaxBy(one => one.Silhouette); // the first of equal ones: the fewest clusters
        return Fitted(points, features, best.Fit.LargestFirst(), spec, new ClusteringEvaluation
        {
            Silhouette = best.Silhouette,
            SilhouetteRows = sample.Length,
            Inertia = best.Fit.Inertia,
            ExplainedVariance = Explained(points, best.Fit.Inertia, cancellationToken),
            FitRows = points.Rows,
            Tried = [.. tried.Select(one => new TriedClusters(one.Fit.Clusters, one.Silhouette, one.Fit.Inertia))],
        });
    }

    private static FittedModel Fitted(PointSet points, List<FeatureSpec> features, KMeansFit fit, ClusteringSpec spec, ClusteringEvaluation evaluation)
    {
        double? limit = spec.OutlierShare > 0 ? OutlierDistance(points, fit, spec.OutlierShare) : null;
        string[] labels = [.. Enumerable.Range(0, fit.Clusters).Select(cluster => string.Create(CultureInfo.InvariantCulture, $"cluster_{cluster}"))];
        return new FittedModel
        {
            Features = features,
            Predictor = new CentroidPredictorSpec
            {
                Link = Link.Nearest,
                Centroids = [.. Enumerable.Range(0, fit.Clusters).Select(cluster => (IReadOnlyList<double>)fit.Centroid(cluster).ToArray())],
                OutlierDistance = limit,
            },
            ColumnImportance = SpreadBetween(points, fit),
            Classes = limit is null ? labels : [.. labels, OutliersLabel],
            Clusters = evaluation with { OutlierDistance = limit },
        };
    }

    private static PointSet Points(TrainingData data, List<FeatureSpec> features, Random random, CancellationToken cancellationToken)
    {
        var selection = InputSelection.For(data, features);
        var program = FeatureProgram.Compile(selection.Inputs, selection.Steps, features, data.Request.Lookups);
        if (program.Width == 0)
            throw new TrainingException(TrainingErrorCode.NoFeatures, "No column tells rows apart: each has the same value in every row.", "Ignore fewer columns, or upload other rows.");
        int[] rows = [.. Draw(data.Train.Length, data.Request.Clustering.MostFitRows, random).Select(place => data.Train[place])];
        var matrix = FeatureMatrix.Dense(program, data, rows, cancellationToken);
        var bad = Array.FindIndex(matrix, value => !double.IsFinite(value));
        if (bad >= 0)
            throw new TrainingException(
                TrainingErrorCode.BadRequest, $"Field '{program.Columns[bad % program.Width].Field}' comes to no finite number in row {rows[bad / program.Width] + 2}.",
                "Give the column another handling, or reject it.", program.Columns[bad % program.Width].Field, rows[bad / program.Width] + 2);
        return new PointSet(matrix, program.Width, data.Request.Threads);
    }

    /// <summary>Places of so many rows at most, drawn at random, ascending.</summary>
    private static int[] Draw(int rows, int most, Random random)
    {
        int[] all = [.. Enumerable.Range(0, rows)];
        if (rows <= most) return all;
        random.Shuffle(all);
        return [.. all[..most].Order()];
    }

    /// <summary>The distance that at most so large a share of the rows passes; above 0.</summary>
    private static double OutlierDistance(PointSet points, KMeansFit fit, double share)
    {
        double[] distances = [.. fit.Labels.Select((label, row) => Math.Sqrt(PointSet.SquaredDistance(points[row], fit.Centroid(label)))).Order()];
        var inside = (int)Math.Ceiling((1 - share) * distances.Length);
        return Math.Max(distances[Math.Clamp(inside, 1, distances.Length) - 1], 1e-9);
    }

    private static double Explained(PointSet points, double inertia, CancellationToken cancellationToken)
    {
        var mean = new double[points.Width];
        for (var row = 0; row < points.Rows; row++)
            for (var column = 0; column < mean.Length; column++) mean[column] += points[row][column] / points.Rows;
        var total = points.Sum((from, to) =>
        {
            var sum = 0.0;
            for (var row = from; row < to; row++) sum += PointSet.SquaredDistance(points[row], mean);
            return sum;
        }, cancellationToken);
        return total > 0 ? Math.Clamp(1 - inertia / total, 0, 1) : 0;
    }

    /// <summary>How far the clusters' centres lie apart in each column, weighted by their rows.</summary>
    private static double[] SpreadBetween(PointSet points, KMeansFit fit)
    {
        var spread = new double[points.Width];
        var sizes = new int[fit.Clusters];
        foreach (var label in fit.Labels) sizes[label]++;
        for (var column = 0; column < spread.Length; column++)
        {
            var mean = 0.0;
            for (var cluster = 0; cluster < fit.Clusters; cluster++) mean += fit.Centroid(cluster)[column] * sizes[cluster] / points.Rows;
            for (var cluster = 0; cluster < fit.Clusters; cluster++) spread[column] += sizes[cluster] * Math.Pow(fit.Centroid(cluster)[column] - mean, 2);
        }

        return spread;
    }

    private static TrainingException TooFewDifferentRows(int rows, int clusters) => new(
        TrainingErrorCode.TooFewRows, $"The {rows:N0} rows hold fewer than {clusters} different ones, so {clusters} clusters cannot be made of them.",
        "Ask for fewer clusters, or use more columns.");
}
