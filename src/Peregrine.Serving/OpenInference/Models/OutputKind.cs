namespace Peregrine.Serving.OpenInference.Models;

/// <summary>What an output tensor tells of a record.</summary>
internal enum OutputKind : byte
{
    /// <summary>The label or value that is predicted.</summary>
    Prediction,

    /// <summary>A probability per class.</summary>
    Probas,

    /// <summary>The distance to the nearest cluster.</summary>
    Distance,

    /// <summary>The distance to each cluster.</summary>
    Distances,

    /// <summary>The percentile of the positive class, 0 to 100.</summary>
    Percentile,

    /// <summary>Why the record was not scored; empty when it was.</summary>
    IgnoreReason,

    /// <summary>How far each field moved the prediction; only when asked for.</summary>
    Explanations,
}
