namespace Peregrine.Serving.Snapshots;

/// <summary>What a path below an endpoint asks for.</summary>
internal enum PredictionCall
{
    Predict,
    PredictMulti,
    PredictSimple,

    /// <summary><c>infer</c> of the Open Inference Protocol.</summary>
    Infer,

    /// <summary>A call of another kind of endpoint: <see cref="UserRoute.OfKind"/>.</summary>
    OfKind,
}
