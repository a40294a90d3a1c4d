using Peregrine.Serving.Limits;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Kinds;

/// <summary>A call whose body is large: what of it takes the processor runs on a scoring thread.</summary>
/// <param name="body">Stays as it is until the answer is there.</param>
internal sealed class KindWork(KindEngine engine, UserCall call, ReadOnlyMemory<byte> body, Utf8Output output)
    : ScoringWork(body.Length, call.Caller.Deadline, call.Context.RequestAborted)
{
    private Task<KindOutcome>? _answering;

    /// <summary>Once the work is done.</summary>
    public Task<KindOutcome> Answering => _answering!;

    protected override void Execute() => _answering = engine.AnswerAsync(call, body, output).AsTask();
}
