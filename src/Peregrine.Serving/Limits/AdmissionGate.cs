using Microsoft.Extensions.Options;

namespace Peregrine.Serving.Limits;

/// <summary>Counts the requests that wait in the node. Whoever entered must exit, once.</summary>
internal sealed class AdmissionGate(IOptions<LimitOptions> options)
{
    private readonly int _limit = options.Value.ConcurrentRequests;
    private int _inside;

    public int Inside => Volatile.Read(ref _inside);

    /// <summary>False when the node is full: the caller answers <see cref="LimitFaults.TooManyConcurrent"/> and holds nothing.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _inside) <= _limit) return true;
        Interlocked.Decrement(ref _inside);
        return false;
    }

    public void Exit() => Interlocked.Decrement(ref _inside);
}
