using Peregrine.Hosting.Errors;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Records;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Explanations;

/// <summary>Explanations that a query string asks for: <c>explanations.enabled</c>, <c>explanations.method</c> and so on.</summary>
internal static class ExplanationParameters
{
    /// <returns>What is wrong with them, or null.</returns>
    public static ApiError? Read(string? query, out AskedExplanations asked)
    {
        var text = SimplePrediction.ExplanationsOf(query);
        var json = new JsonScanner(text);
        if (ExplanationsReader.TryRead(ref json, out asked, out var fault)) return null;
        return fault is null ? PredictionFaults.Malformed(json.Fault, json.Position, text) : PredictionFaults.BadExplanations(fault);
    }
}
