using System.Text.Json.Serialization;

namespace Peregrine.Models.Predictors;

/// <summary>What turns a row of features into scores.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(LinearPredictorSpec), "linear")]
[JsonDerivedType(typeof(TreePredictorSpec), "trees")]
[JsonDerivedType(typeof(CentroidPredictorSpec), "centroids")]
public abstract record PredictorSpec
{
    /// <summary>How scores become probabilities, or the value.</summary>
    public required Link Link { get; init; }
}

/// <summary>The function from scores to what the caller sees.</summary>
public enum Link
{
    /// <summary>One score, the value itself.</summary>
    Identity,

    /// <summary>One score s; P(positive) = 1 / (1 + e^-s).</summary>
    Logistic,

    /// <summary>One score per class; probabilities by softmax.</summary>
    Softmax,

    /// <summary>The scores are shares already, as of a forest that averages 0 and 1: P(positive), or one per class, scaled to a sum of 1.</summary>
    Probability,

    /// <summary>One distance per cluster; the smallest decides.</summary>
    Nearest,
}

/// <summary>Scores = Weights · features + Intercepts.</summary>
public sealed record LinearPredictorSpec : PredictorSpec
{
    /// <summary>Shape [outputs][width], finite.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Weights { get; init; }

    /// <summary>Shape [outputs].</summary>
    public required IReadOnlyList<double> Intercepts { get; init; }

    /// <summary>Mean of each column over the training rows, shape [width], for explanations; null in models of older versions.</summary>
    public IReadOnlyList<double>? Means { get; init; }
}

/// <summary>Scores = sums (or means) of tree leaves; the trees stand in the artifact's <c>trees.bin</c>.</summary>
public sealed record TreePredictorSpec : PredictorSpec
{
    /// <summary>Score is multiplied by this before a logistic link (LightGBM's <c>sigmoid</c>), default 1.</summary>
    public double Slope { get; set; } = 1;
}

/// <summary>Scores = Euclidean distances to centroids, in the space of the features.</summary>
public sealed record CentroidPredictorSpec : PredictorSpec
{
    /// <summary>Shape [clusters][width], finite; two clusters at least.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Centroids { get; init; }

    /// <summary>A record farther than this from every centroid is an outlier, which is the last of the model's classes; above 0. Null: every record has its cluster.</summary>
    public double? OutlierDistance { get; init; }
}
