using Peregrine.Serving.Limits;

namespace Peregrine.Serving.OpenInference.Grpc;

/// <summary>A gRPC call whose message is large enough to be answered from a scoring thread.</summary>
internal sealed class GrpcBulk(long bytes, long deadline, Func<Task> answer, CancellationToken abandoned) : ScoringWork(bytes, deadline, abandoned)
{
    /// <summary>Ends when the answer is written; to be awaited once the work has ended.</summary>
    public Task Answering { get; private set; } = Task.CompletedTask;

    protected override void Execute() => Answering = answer();
}
