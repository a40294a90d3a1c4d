using Peregrine.Serving.Metrics;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Changes;

/// <summary>
/// Every change of what the node serves, one at a time. A change prepares the next snapshot off the request path, makes it durable,
/// and then swaps one reference; when anything fails before the swap, nothing has changed.
/// </summary>
internal sealed class ChangeGate(NodeState state, GenerationLife life, ServingMetrics metrics) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    public void Dispose() => _gate.Dispose();

    /// <param name="kind">For the metrics.</param>
    /// <param name="change">From the snapshot in force to the next one. It keeps a processor busy: it does not run on the thread of whoever asked.</param>
    public async Task ChangeAsync(string kind, Func<NodeSnapshot, Task<NodeSnapshot>> change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        var succeeded = false;
        try
        {
            var before = state.Current;
            var next = await Task.Run(() => change(before), cancellationToken);
            state.Swap(next);
            life.LetGo(before, next);
            metrics.KeepOnly(next.Has);
            succeeded = true;
        }
        finally
        {
            metrics.RecordChange(kind, succeeded);
            _gate.Release();
        }
    }
}
