using System.Text;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Serving.Drift;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Generations;

/// <summary>A prediction endpoint of one generation, with every constant piece of its answers and log lines made ahead.</summary>
internal sealed class LoadedEndpoint
{
    /// <param name="modelDigest">SHA-256 of the model in the package, 64 hex digits; null when unknown.</param>
    public LoadedEndpoint(
        string service, string generation, PredictionEndpoint prediction, EndpointMeter meter, EndpointExplainer explainer, DriftSketch? drift = null,
        string? modelDigest = null)
    {
        Prediction = prediction;
        Meter = meter;
        Explainer = explainer;
        Drift = drift;
        Signature = new ModelSignature(service, generation, prediction, explainer);
        var names = $"\"serviceId\":{Quote(service)},\"endpointId\":{Quote(prediction.Id)},\"serviceGeneration\":{Quote(generation)}";
        AnswerTail = Encoding.UTF8.GetBytes($"}},\"apiContext\":{{{names}}}}}");
        LogHead = Encoding.UTF8.GetBytes(
            $"\",\"msgType\":\"prediction-query\",\"service\":{Quote(service)},\"endpoint\":{Quote(prediction.Id)},\"generation\":{Quote(generation)}{(modelDigest is null ? "" : $",\"modelDigest\":{Quote(modelDigest)}")}");
    }

    public string Id => Prediction.Id;

    public PredictionEndpoint Prediction { get; }

    public EndpointMeter Meter { get; }

    public EndpointExplainer Explainer { get; }

    /// <summary>Counts what it sees; null when drift is off or the model has no training reference.</summary>
    public DriftSketch? Drift { get; }
    /// <summary>The endpoint as a model of the Open Inference Protocol.</summary>
    public ModelSignature Signature { get; }

    /// <summary>From the end of <c>timing</c> to the end of the answer.</summary>
    public byte[] AnswerTail { get; }

    /// <summary>From behind the time stamp to the generation, inclusive.</summary>
    public byte[] LogHead { get; }

    private static string Quote(string text) => Encoding.UTF8.GetString(JsonText.Quote(text));
}
