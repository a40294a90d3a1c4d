namespace Peregrine.Models;

/// <summary>What a model predicts.</summary>
public enum PredictionKind
{
    BinaryClassification,
    Multiclass,
    Regression,

    /// <summary>The cluster that a record lies nearest to; nothing was learnt from a target.</summary>
    Clustering,
}
