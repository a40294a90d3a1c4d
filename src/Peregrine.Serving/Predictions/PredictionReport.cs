using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.Shadows;

namespace Peregrine.Serving.Predictions;

/// <summary>What a call did, for the metrics.</summary>
internal struct PredictionReport
{
    /// <summary>The endpoint that was picked; null when the call ended before.</summary>
    public ServedEndpoint? Endpoint;

    public int Rows;

    /// <summary>Records that the model did not score.</summary>
    public int Ignored;

    /// <summary>Complete once the call was answered.</summary>
    public PhaseClock Phases;

    /// <summary>What shadows get of the call where its body is not what they read; null: nothing of that kind.</summary>
    public ShadowCopy? Copy;

    /// <summary>What the call counts as, in whatever protocol.</summary>
    /// <param name="error">Null: it was answered.</param>
    public readonly PredictionOutcome Outcome(ApiError? error) => error switch
    {
        null => Ignored > 0 ? PredictionOutcome.Ignored : PredictionOutcome.Ok,
        { Status: StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout or StatusCodes.Status404NotFound } => PredictionOutcome.Unavailable,
        { Status: StatusCodes.Status429TooManyRequests } => PredictionOutcome.Limited,
        _ => PredictionOutcome.Invalid,
    };
}
