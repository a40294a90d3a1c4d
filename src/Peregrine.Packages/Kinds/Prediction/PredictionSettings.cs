using Peregrine.Packages.Kinds.Prediction.Explanations;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>Settings of a prediction endpoint, as in the manifest.</summary>
public sealed record PredictionSettings
{
    /// <summary>The saved model it was made from, for people.</summary>
    public string? ModelRef { get; init; }

    /// <summary>A feature that the model does not know at all; known columns it does not use are always dropped.</summary>
    public FeaturePolicy UnknownFeatures { get; init; }

    /// <summary>An input that the record does not name. <c>null</c> is a value: missing.</summary>
    public FeaturePolicy MissingFeatures { get; init; }

    /// <summary>Columns that the query log does not keep as they are; the first rule that names a column decides. Rules of the node come before them.</summary>
    public IReadOnlyList<LogColumnRule>? LogColumns { get; init; }

    /// <summary>What results explain unasked.</summary>
    public ExplanationSettings Explanations { get => field ?? new(); set; }
}
