using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Shadows;

/// <summary>
/// Copies of answered requests on their way to the shadows. Adding one takes no lock and never waits: a copy that finds no room is dropped and counted.
/// </summary>
internal sealed class ShadowQueue(IOptions<ShadowOptions> options) : IDisposable
{
    private readonly ConcurrentQueue<ShadowQuery> _queries = new();
    private readonly AutoResetEvent _arrived = new(initialState: false);
    private readonly int _length = options.Value.QueueLength;
    private readonly long _mostBytes = options.Value.QueueBytes;
    private int _waiting;
    private long _bytes;
    private long _droppedFull;
    private long _droppedReleased;
    private int _idle;

    public int Waiting => Volatile.Read(ref _waiting);

    public long WaitingBytes => Volatile.Read(ref _bytes);

    /// <summary>Copies that found no room.</summary>
    public long DroppedFull => Volatile.Read(ref _droppedFull);

    /// <summary>Copies whose shadow was let go, or whose node stopped, before it was their turn.</summary>
    public long DroppedReleased => Volatile.Read(ref _droppedReleased);

    /// <summary>Signalled when a copy arrives while the reader is idle.</summary>
    public WaitHandle Arrived => _arrived;

    public void Dispose() => _arrived.Dispose();

    /// <summary>Offers an answered request of a service that has shadows.</summary>
    /// <param name="answer">The whole body of the answer.</param>
    public void Offer(ServiceSnapshot service, LoadedEndpoint primary, bool many, ReadOnlySpan<byte> body, ReadOnlySpan<byte> answer, in Caller caller)
    {
        var chosen = Choose(service.Shadows);
        if (chosen == 0) return;
        var bytes = body.Length + answer.Length;
        if (!TryReserve(bytes))
        {
            Interlocked.Increment(ref _droppedFull);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(bytes);
        body.CopyTo(buffer);
        answer.CopyTo(buffer.AsSpan(body.Length));
        var took = (Stopwatch.GetTimestamp() - caller.Started) * 1_000_000 / Stopwatch.Frequency;
        _queries.Enqueue(new ShadowQuery(service, primary, chosen, many, caller, took, buffer, body.Length, answer.Length));
        if (Volatile.Read(ref _idle) != 0 && Interlocked.Exchange(ref _idle, 0) != 0) _arrived.Set();
    }

    /// <summary>The next copy; the caller releases it.</summary>
    public bool TryTake(out ShadowQuery query)
    {
        if (!_queries.TryDequeue(out query)) return false;
        Interlocked.Decrement(ref _waiting);
        Interlocked.Add(ref _bytes, -query.Bytes);
        return true;
    }

    /// <summary>The reader is about to wait for <see cref="Arrived"/>. False: something came in between, take it first.</summary>
    public bool TryRest()
    {
        Interlocked.Exchange(ref _idle, 1);
        return _queries.IsEmpty;
    }

    public void CountReleased() => Interlocked.Increment(ref _droppedReleased);

    private bool TryReserve(int bytes)
    {
        if (Interlocked.Increment(ref _waiting) <= _length)
        {
            if (Interlocked.Add(ref _bytes, bytes) <= _mostBytes) return true;
            Interlocked.Add(ref _bytes, -bytes);
        }

        Interlocked.Decrement(ref _waiting);
        return false;
    }

    private static ulong Choose(ShadowTarget[] shadows)
    {
        var chosen = 0ul;
        for (var i = 0; i < shadows.Length; i++)
            if (shadows[i].Share >= 1 || Random.Shared.NextDouble() < shadows[i].Share) chosen |= 1ul << i;
        return chosen;
    }
}
