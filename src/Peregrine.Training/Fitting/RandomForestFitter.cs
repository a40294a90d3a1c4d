using Peregrine.Models;
using Peregrine.Models.Predictors;
using Peregrine.Training.LightGbm;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Fitting;

/// <summary>A random forest by LightGBM: deep trees on samples of rows and columns, averaged.</summary>
/// <remarks>
/// A class is learnt as 0 and 1 with squared error, whose leaves are shares of rows: the split rule is that of Gini, and the mean over the trees is a probability.
/// LightGBM's own binary forest averages Newton steps instead, which are far too sure of rare classes. Several classes grow one
/// forest each.
/// </remarks>
internal sealed class RandomForestFitter : IModelFitter
{
    private const int Trees = 100;
    private const int ThresholdTrees = 40;

    public TrainingAlgorithm Algorithm => TrainingAlgorithm.RandomForest;

    public string Name(PredictionKind prediction) => "Random forest";

    public FittedModel Fit(TrainingData data, TreeRows treeRows, Action<double, int?> progress, CancellationToken cancellationToken)
    {
        treeRows.Make(cancellationToken);
        var parameters = Parameters(data, treeRows);
        var forests = Objective.Outputs(data.Target);
        var isBinary = data.Target.Prediction == PredictionKind.BinaryClassification;
        var total = Trees * forests + (isBinary ? ThresholdTrees : 0);
        var grown = 0;
        void OnTree() => progress((double)++grown / total, grown);
        var threshold = isBinary ? Threshold(data, treeRows, parameters, OnTree, cancellationToken) : 0.5;
        var gains = new double[treeRows.Width];
        var ensembles = new List<TreeEnsemble>();
        for (var forest = 0; forest < forests; forest++)
        {
            if (forests > 1) treeRows.All.SetLabels(Array.ConvertAll(data.Train, row => data.Target.ClassOf(row) == forest ? 1f : 0f));
            using var booster = new LightGbmBooster(treeRows.All, parameters);
            Grow(booster, Trees, OnTree, cancellationToken);
            ensembles.Add(LightGbmModelText.Parse(booster.Save()).ToEnsemble());
            var mine = booster.Gains(treeRows.Width);
            for (var column = 0; column < gains.Length; column++) gains[column] += mine[column];
        }

        if (forests > 1) treeRows.All.SetLabels(Array.ConvertAll(data.Train, row => (float)data.Target.Values[row]));
        return new FittedModel
        {
            Features = treeRows.Features,
            Predictor = new TreePredictorSpec { Link = data.Target.Prediction == PredictionKind.Regression ? Link.Identity : Link.Probability },
            Trees = forests == 1 ? ensembles[0] : ForestMerge.Interleave(ensembles),
            ColumnImportance = gains,
            Threshold = threshold,
        };
    }

    private static LightGbmParameters Parameters(TrainingData data, TreeRows treeRows) => new LightGbmParameters(treeRows.Parameters)
        .Set("objective", "regression")
        .Set("metric", "l2")
        .Set("boosting", "rf")
        .Set("bagging_freq", 1)
        .Set("bagging_fraction", 0.632)
        .Set("feature_fraction_bynode", 0.4)
        .Set("num_leaves", 255)
        .Set("min_data_in_leaf", LeafRows.For(data, most: 5))
        .Set("max_cat_to_onehot", 1)
        .Set("max_cat_threshold", 16)
        .Set("cat_smooth", 20);

    private static double Threshold(TrainingData data, TreeRows treeRows, LightGbmParameters parameters, Action onTree, CancellationToken cancellationToken)
    {
        using var booster = new LightGbmBooster(treeRows.Fit, parameters);
        var trees = Grow(booster, ThresholdTrees, onTree, cancellationToken);
        using var loaded = LightGbmBooster.Load(booster.Save());
        var sums = loaded.Predict(treeRows.ValidationMatrix, data.Validation.Length, treeRows.Width, 1, data.Request.Threads);
        return ThresholdChoice.FromProbabilities(Array.ConvertAll(sums, sum => Math.Clamp(sum / trees, 0, 1)), data);
    }

    /// <summary>How many trees were grown: fewer when no split gains anything.</summary>
    private static int Grow(LightGbmBooster booster, int trees, Action onTree, CancellationToken cancellationToken)
    {
        for (var tree = 1; tree <= trees; tree++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!booster.Grow()) return tree;
            onTree();
        }

        return trees;
    }
}
