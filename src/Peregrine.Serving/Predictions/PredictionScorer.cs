using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.OpenInference.Rest;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Predictions;

/// <summary>Answers a call whose body is here, on whatever thread: picks the engine, and starts anew when the snapshot was replaced meanwhile.</summary>
internal sealed class PredictionScorer(NodeState state, PredictionEngine engine, SimplePrediction simple, InferCall infer)
{
    /// <summary>
    /// Null: the answer is in <paramref name="output"/>. <see cref="PredictionEngine.Moved"/>: the path leads nowhere in the newest snapshot.
    /// </summary>
    /// <param name="route">On return the route that was taken in the end.</param>
    public ApiError? Score(
        HttpContext context, string path, ref UserRoute route, ReadOnlySpan<byte> body, in Caller caller, Utf8Output output, ref PredictionReport report)
    {
        while (true)
        {
            var error = Ask(context, route, body, caller, output, ref report);
            if (!ReferenceEquals(error, PredictionEngine.Moved)) return error;
            output.CutTo(0);
            if (state.Current.Find(path) is not { } current) return error;
            route = current;
        }
    }

    private ApiError? Ask(HttpContext context, UserRoute route, ReadOnlySpan<byte> body, in Caller caller, Utf8Output output, ref PredictionReport report) => route.Call switch
    {
        PredictionCall.Predict => engine.Predict(route.Endpoint, body, caller, output, ref report),
        PredictionCall.PredictMulti => engine.PredictMulti(route.Endpoint, body, caller, output, ref report),
        PredictionCall.Infer => infer.Infer(context, route, body, caller, output, ref report),
        _ => simple.Predict(route.Endpoint, context.Request.QueryString.Value, caller, output, ref report),
    };
}
