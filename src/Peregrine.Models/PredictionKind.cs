namespace Peregrine.Models;

/// <summary>What a model predicts.</summary>
public enum PredictionKind
{
    BinaryClassification,
    Multiclass,
    Regression,
}
