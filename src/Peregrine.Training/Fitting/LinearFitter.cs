using Peregrine.Datasets.Tables;
using Peregrine.Models;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Training.Features;
using Peregrine.Training.Linear;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Fitting;

/// <summary>Logistic or multinomial regression, or ridge, on standardised features.</summary>
internal sealed class LinearFitter : IModelFitter
{
    private const double Penalty = 1;

    public TrainingAlgorithm Algorithm => TrainingAlgorithm.LinearModel;

    public string Name(PredictionKind prediction) => prediction switch
    {
        PredictionKind.BinaryClassification => "Logistic regression",
        PredictionKind.Multiclass => "Multinomial regression",
        _ => "Ridge regression",
    };

    public FittedModel Fit(TrainingData data, TreeRows treeRows, Action<double, int?> progress, CancellationToken cancellationToken)
    {
        var target = Array.ConvertAll(data.Train, row => data.Target.Values[row]);
        var encoder = data.Target.Prediction == PredictionKind.Multiclass ? null : new TargetEncoder(target);
        var features = LinearFeatures.Fit(data, encoder);
        var rows = Rows(data, features, encoder, cancellationToken);
        progress(0.2, null);
        var (weights, threshold) = data.Target.Prediction == PredictionKind.Regression
            ? (RidgeSolver.Solve(rows, target, Penalty, cancellationToken), 0.5)
            : Classify(data, rows, Array.ConvertAll(target, value => (int)value), progress, cancellationToken);
        return new FittedModel
        {
            Features = features, Predictor = Predictor(data, weights, rows), ColumnImportance = Importance(rows, weights), Threshold = threshold,
        };
    }

    private static SparseRows Rows(TrainingData data, List<FeatureSpec> features, TargetEncoder? encoder, CancellationToken cancellationToken)
    {
        var selection = InputSelection.For(data, features);
        var program = FeatureProgram.Compile(selection.Inputs, selection.Steps, features, data.Request.Lookups);
        var outOfFold = new List<(int Column, double[] Values)>();
        foreach (var impact in features.OfType<ImpactFeature>())
        {
            var column = program.Columns.Select((c, at) => (c, at)).First(pair => pair.c.Field == impact.Field).at;
            outOfFold.Add((column, encoder!.OutOfFold((TextColumn)data.Prepared.Find(impact.Field)!, impact)));
        }

        var rows = new SparseRows(data.Train.Length, program.Width);
        FeatureMatrix.Fill(program, data, data.Train, (place, columns) =>
        {
            Span<double> row = columns.Length <= 1024 ? stackalloc double[columns.Length] : new double[columns.Length];
            columns.CopyTo(row);
            foreach (var (column, values) in outOfFold) row[column] = values[place];
            rows.Set(place, row);
        }, cancellationToken);
        return rows;
    }

    /// <summary>Chooses the threshold on rows left out of a first fit, then goes on from its weights with all rows.</summary>
    private static (double[] Weights, double Threshold) Classify(
        TrainingData data, SparseRows rows, int[] labels, Action<double, int?> progress, CancellationToken cancellationToken)
    {
        var classes = data.Target.Classes.Count;
        var threads = data.Request.Threads;
        var threshold = 0.5;
        var all = new SoftmaxLoss(rows, labels, classes, Penalty, threads, cancellationToken);
        var start = new double[all.Parameters];
        if (classes == 2)
        {
            var fit = new SoftmaxLoss(rows.Subset(data.Fit), Array.ConvertAll(data.Fit, place => labels[place]), classes, Penalty, threads, cancellationToken);
            start = LogisticSolver.Solve(fit, start, cancellationToken);
            threshold = ThresholdChoice.FromScores(Array.ConvertAll(data.Validation, place => rows.Dot(place, start)), data);
            progress(0.6, null);
        }

        return (LogisticSolver.Solve(all, start, cancellationToken), threshold);
    }

    private static LinearPredictorSpec Predictor(TrainingData data, double[] weights, SparseRows rows)
    {
        var width = rows.Width;
        var outputs = weights.Chunk(width + 1).ToList();
        return new LinearPredictorSpec
        {
            Link = Objective.LinkOf(data.Target.Prediction),
            Weights = [.. outputs.Select(output => (IReadOnlyList<double>)output[..width])],
            Intercepts = [.. outputs.Select(output => output[width])],
            Means = Means(rows),
        };
    }

    /// <summary>Of each column over the rows, as they were fitted: where explanations start from.</summary>
    private static double[] Means(SparseRows rows)
    {
        var means = new double[rows.Width + 1];
        for (var row = 0; row < rows.Count; row++) rows.AddTo(row, 1.0 / rows.Count, means);
        return means[..rows.Width];
    }

    /// <summary>Spread of each column's term over the rows, summed over the scores.</summary>
    private static double[] Importance(SparseRows rows, double[] weights)
    {
        var sums = new double[rows.Width];
        var squares = new double[rows.Width];
        for (var row = 0; row < rows.Count; row++)
        {
            var columns = rows.Columns(row);
            var values = rows.Values(row);
            for (var at = 0; at < columns.Length - 1; at++)
            {
                sums[columns[at]] += values[at];
                squares[columns[at]] += values[at] * values[at];
            }
        }

        var importance = new double[rows.Width];
        for (var column = 0; column < rows.Width; column++)
        {
            var mean = sums[column] / rows.Count;
            var deviation = Math.Sqrt(Math.Max(0, squares[column] / rows.Count - mean * mean));
            for (var at = column; at < weights.Length; at += rows.Width + 1) importance[column] += Math.Abs(weights[at]) * deviation;
        }

        return importance;
    }
}
