using Peregrine.Models;
using Peregrine.Models.Predictors;
using Peregrine.Training.LightGbm;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Fitting;

/// <summary>
/// Gradient boosting by LightGBM. A first fit on part of the training rows finds how many trees the rest bears and the
/// threshold; the model is then grown with so many trees on all training rows.
/// </summary>
internal sealed class BoostedTreesFitter : IModelFitter
{
    private const int MostTrees = 400;
    private const int Patience = 20;

    // Of the loss: trees that gain less cost more time at each prediction than they are worth.
    private const double LeastGain = 1e-3;

    public TrainingAlgorithm Algorithm => TrainingAlgorithm.GradientBoostedTrees;

    public string Name(PredictionKind prediction) => "Gradient-boosted trees";

    public FittedModel Fit(TrainingData data, TreeRows treeRows, Action<double, int?> progress, CancellationToken cancellationToken)
    {
        treeRows.Make(cancellationToken);
        var parameters = Parameters(data, treeRows);
        var (trees, threshold) = FindTrees(data, treeRows, parameters, progress, cancellationToken);
        return Grow(data, treeRows, parameters, trees, threshold, progress, cancellationToken);
    }

    /// <remarks>
    /// Categories are always split as sets, with far more smoothing than LightGBM's default: with few positives it is what keeps columns of
    /// hundreds of values from being learnt by heart.
    /// </remarks>
    private static LightGbmParameters Parameters(TrainingData data, TreeRows treeRows) => Objective.For(treeRows, data.Target)
        .Set("learning_rate", 0.1)
        .Set("num_leaves", 31)
        .Set("min_data_in_leaf", LeafRows.For(data, most: 20))
        .Set("feature_fraction", 0.7)
        .Set("bagging_fraction", 0.9)
        .Set("bagging_freq", 1)
        .Set("lambda_l2", 1)
        .Set("max_cat_to_onehot", 1)
        .Set("max_cat_threshold", 16)
        .Set("cat_smooth", 60)
        .Set("cat_l2", 20);

    private static (int Trees, double Threshold) FindTrees(
        TrainingData data, TreeRows treeRows, LightGbmParameters parameters, Action<double, int?> progress, CancellationToken cancellationToken)
    {
        using var booster = new LightGbmBooster(treeRows.Fit, parameters, treeRows.Validation);
        var best = double.PositiveInfinity;
        var bestTrees = 1;
        for (var tree = 1; tree <= MostTrees && tree - bestTrees <= Patience; tree++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!booster.Grow()) break;
            var loss = booster.Evaluate();
            if (loss < best - LeastGain * Math.Abs(best) || tree == 1)
            {
                best = loss;
                bestTrees = tree;
            }

            progress(0.5 * tree / MostTrees, tree);
        }

        using var stopped = LightGbmBooster.Load(booster.Save(bestTrees));
        var scores = stopped.Predict(treeRows.ValidationMatrix, data.Validation.Length, treeRows.Width, Objective.Outputs(data.Target), data.Request.Threads);
        return (bestTrees, ThresholdChoice.FromScores(scores, data));
    }

    private static FittedModel Grow(
        TrainingData data, TreeRows treeRows, LightGbmParameters parameters, int trees, double threshold, Action<double, int?> progress,
        CancellationToken cancellationToken)
    {
        using var booster = new LightGbmBooster(treeRows.All, parameters);
        for (var tree = 1; tree <= trees; tree++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!booster.Grow()) break;
            progress(0.5 + 0.5 * tree / trees, tree);
        }

        return new FittedModel
        {
            Features = treeRows.Features,
            Predictor = new TreePredictorSpec { Link = Objective.LinkOf(data.Target.Prediction) },
            Trees = LightGbmModelText.Parse(booster.Save()).ToEnsemble(),
            ColumnImportance = booster.Gains(treeRows.Width),
            Threshold = threshold,
        };
    }
}
