using System.Collections.Concurrent;

namespace Peregrine.Deploying.Updates;

/// <summary>
/// One worker at a time on a deployment's nodes. Someone's update goes before the Deployer's own repair: it asks a running repair
/// to stop and then waits for its end.
/// </summary>
internal sealed class DeploymentLocks : IDisposable
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Waits for its turn.</summary>
    public async Task<IDisposable> EnterAsync(string deploymentId, CancellationToken cancellationToken)
    {
        var entry = EntryOf(deploymentId);
        Interlocked.Increment(ref entry.Waiting);
        try
        {
            if (entry.Repair is { } repair) await repair.CancelAsync();
            await entry.Turn.WaitAsync(cancellationToken);
            return new Lease(() => entry.Turn.Release());
        }
        finally
        {
            Interlocked.Decrement(ref entry.Waiting);
        }
    }

    /// <summary>Null when someone is at work on the deployment, or waits to be.</summary>
    public RepairLease? TryEnterForRepair(string deploymentId, CancellationToken cancellationToken)
    {
        var entry = EntryOf(deploymentId);
        if (Volatile.Read(ref entry.Waiting) > 0 || !entry.Turn.Wait(0, CancellationToken.None)) return null;
        var stop = new CancellationTokenSource(); // not disposed: a waiter may cancel it late, and it holds no timer
        var stopping = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), stop);
        entry.Repair = stop;
        if (Volatile.Read(ref entry.Waiting) > 0) stop.Cancel();
        return new RepairLease(
            () =>
            {
                entry.Repair = null;
                stopping.Dispose();
                entry.Turn.Release();
            },
            stop.Token);
    }

    public void Dispose()
    {
        foreach (var entry in _entries.Values) entry.Dispose();
    }

    private Entry EntryOf(string deploymentId) => _entries.GetOrAdd(deploymentId, static _ => new Entry());

    private sealed class Entry : IDisposable
    {
        public readonly SemaphoreSlim Turn = new(1, 1);
        public volatile CancellationTokenSource? Repair;
        public int Waiting;

        public void Dispose() => Turn.Dispose();
    }

    private sealed class Lease(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
