using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Training.Evaluation;

namespace Peregrine.Training.Fitting;

/// <summary>What an algorithm gives back: a predictor with the features it was fitted on.</summary>
internal sealed record FittedModel
{
    public required IReadOnlyList<FeatureSpec> Features { get; init; }

    public required PredictorSpec Predictor { get; init; }

    public TreeEnsemble? Trees { get; init; }

    /// <summary>Weight of each feature column, any positive scale.</summary>
    public required double[] ColumnImportance { get; init; }

    /// <summary>Labels of the clusters; null: the target's.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Clustering: how well the clusters stand apart; what is in them is not known yet.</summary>
    public ClusteringEvaluation? Clusters { get; init; }

    /// <summary>Binary: where F1 is largest on rows that the fit before the last had not seen.</summary>
    public double Threshold { get; init; } = 0.5;
}
