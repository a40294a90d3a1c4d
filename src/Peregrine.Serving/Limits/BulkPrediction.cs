using System.Buffers;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Limits;

/// <summary>A whole call whose body is large enough to be scored on a scoring thread.</summary>
/// <param name="body">Stays as it is until the work has ended.</param>
internal sealed class BulkPrediction(PredictionScorer scorer, UserCall call, ReadOnlySequence<byte> body, Utf8Output output)
    : ScoringWork(body.Length, call.Caller.Deadline, call.Context.RequestAborted)
{
    private UserRoute _route = call.Route;
    private PredictionReport _report;

    public UserRoute Route => _route;

    public PredictionReport Report => _report;

    /// <summary>What <see cref="PredictionScorer.Score"/> said.</summary>
    public ApiError? Error { get; private set; }

    protected override void Execute()
    {
        if (body.IsSingleSegment)
        {
            Score(body.FirstSpan);
            return;
        }

        using var whole = new ContiguousBody(body);
        Score(whole.Span);
    }

    private void Score(ReadOnlySpan<byte> whole) => Error = scorer.Score(call.Context, call.Path, ref _route, whole, call.Caller, output, ref _report);
}
