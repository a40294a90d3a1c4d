using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Serving.Drift;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.OpenInference.Models;

namespace Peregrine.Serving.Generations;

/// <summary>A prediction endpoint of one generation.</summary>
internal sealed class LoadedEndpoint : ServedEndpoint
{
    /// <param name="modelDigest">SHA-256 of the model in the package, 64 hex digits; null when unknown.</param>
    public LoadedEndpoint(
        string service, string generation, PredictionEndpoint prediction, EndpointMeter meter, EndpointExplainer explainer, DriftSketch? drift = null,
        string? modelDigest = null)
        : base(service, generation, prediction, meter, "prediction-query", "features", modelDigest is null ? "" : $",\"modelDigest\":{Quote(modelDigest)}")
    {
        Prediction = prediction;
        Explainer = explainer;
        Drift = drift;
        Signature = new ModelSignature(service, generation, prediction, explainer);
    }

    public PredictionEndpoint Prediction { get; }

    public EndpointExplainer Explainer { get; }

    /// <summary>Counts what it sees; null when drift is off or the model has no training reference.</summary>
    public DriftSketch? Drift { get; }

    /// <summary>The endpoint as a model of the Open Inference Protocol.</summary>
    public ModelSignature Signature { get; }
}
