using System.Buffers;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Limits;

/// <summary>A whole call whose body is large enough to be scored on a scoring thread.</summary>
/// <param name="body">Stays as it is until the work has ended.</param>
internal sealed class BulkPrediction(
    PredictionScorer scorer, HttpContext context, string path, UserRoute route, ReadOnlySequence<byte> body, Caller caller, Utf8Output output)
    : ScoringWork(body.Length, caller.Deadline, context.RequestAborted)
{
    private UserRoute _route = route;
    private PredictionReport _report;

    public UserRoute Route => _route;

    public PredictionReport Report => _report;

    /// <summary>What <see cref="PredictionScorer.Score"/> said.</summary>
    public ApiError? Error { get; private set; }

    protected override void Execute()
    {
        if (body.IsSingleSegment)
        {
            Error = scorer.Score(context, path, ref _route, body.FirstSpan, caller, output, ref _report);
            return;
        }

        using var whole = new ContiguousBody(body);
        Error = scorer.Score(context, path, ref _route, whole.Span, caller, output, ref _report);
    }
}
