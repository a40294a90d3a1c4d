using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Numerics;
using Microsoft.Extensions.Options;
using Peregrine.Serving.Generations;
using Peregrine.Serving.OpenInference;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Shadows;

/// <summary>
/// Copies of answered requests on their way to the shadows. Adding one takes no lock and never waits: a copy that finds no room is dropped and counted.
/// </summary>
internal sealed class ShadowQueue(IOptions<ShadowOptions> options) : IDisposable
{
    private const int LongestPart = 64 * 1024;

    private readonly ConcurrentQueue<ShadowQuery> _queries = new();
    private readonly AutoResetEvent _arrived = new(initialState: false);
    private readonly int _length = options.Value.QueueLength;
    private readonly long _mostBytes = options.Value.QueueBytes;
    private int _waiting;
    private long _bytes;
    private long _droppedFull;
    private long _droppedReleased;
    private int _idle;

    /// <summary>Room that a part of a stream takes at first.</summary>
    public int PartBytes => (int)Math.Min(LongestPart, _mostBytes / 4);

    public ShadowTotals Totals { get; } = new();

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
    /// <param name="rows">Records that it holds.</param>
    /// <param name="answer">The whole body of the answer.</param>
    public void Offer(ServiceSnapshot service, LoadedEndpoint primary, bool many, int rows, ReadOnlySpan<byte> body, ReadOnlySpan<byte> answer, in Caller caller)
    {
        var chosen = Choose(service.Shadows);
        if (chosen == 0) return;
        var query = new ShadowQuery(service, primary, chosen, many ? ShadowForm.Many : ShadowForm.One, rows, caller, MicrosecondsSince(caller.Started), [], body.Length, answer.Length);
        Totals.Offer(query.Records);
        if (!TryReserve(query.Bytes, _mostBytes, _length))
        {
            CountFull(query.Records);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(query.Bytes);
        body.CopyTo(buffer);
        answer.CopyTo(buffer.AsSpan(body.Length));
        Enqueue(query with { Buffer = buffer });
    }

    /// <summary>The copy of an Open Inference request, to be offered once its answer has gone; null where it would find no room, which is counted.</summary>
    public ShadowCopy? MakeCopy(ServiceSnapshot service, LoadedEndpoint primary, ulong chosen, in Caller caller, InferWorkspace work)
    {
        if (Waiting < _length && WaitingBytes < _mostBytes) return InferCopies.Make(service, primary, chosen, caller, work);
        var records = (long)work.Results.Rows * BitOperations.PopCount(chosen);
        Totals.Offer(records);
        CountFull(records);
        return null;
    }

    /// <summary>Offers what another protocol made, once its answer has gone.</summary>
    public void Offer(ShadowCopy copy)
    {
        var query = copy.Query with { AnsweredMicroseconds = MicrosecondsSince(copy.Query.Caller.Started) };
        Totals.Offer(query.Records);
        if (TryReserve(query.Bytes, _mostBytes, _length))
        {
            Enqueue(query);
            return;
        }

        CountFull(query.Records);
        query.Release();
    }

    /// <summary>The shadows that get what comes next, by their shares: bit i for shadow i.</summary>
    public static ulong Choose(ShadowTarget[] shadows)
    {
        var chosen = 0ul;
        for (var i = 0; i < shadows.Length; i++)
            if (shadows[i].Share >= 1 || Random.Shared.NextDouble() < shadows[i].Share) chosen |= 1ul << i;
        return chosen;
    }

    /// <summary>Takes room for a part of a stream, to be given to <see cref="Enqueue"/> or <see cref="GiveBack"/>. Streams leave half of the room to single requests.</summary>
    public bool TryReservePart(int bytes) => TryReserve(bytes, _mostBytes / 2, Math.Max(1, _length / 2));

    /// <summary>Gives back a part's room, or some of it.</summary>
    public void GiveBack(int bytes, bool isWhole)
    {
        Interlocked.Add(ref _bytes, -bytes);
        if (isWhole) Interlocked.Decrement(ref _waiting);
    }

    /// <summary>Adds a copy for which room was taken.</summary>
    public void Enqueue(in ShadowQuery query)
    {
        _queries.Enqueue(query);
        if (Volatile.Read(ref _idle) != 0 && Interlocked.Exchange(ref _idle, 0) != 0) _arrived.Set();
    }

    /// <summary>Counts a copy that found no room.</summary>
    public void CountFull(long records)
    {
        Interlocked.Increment(ref _droppedFull);
        Totals.DropFull(records);
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

    /// <summary>Counts a copy that its shadow does not get any more.</summary>
    public void CountReleased(long records)
    {
        Interlocked.Increment(ref _droppedReleased);
        Totals.Release(records);
    }

    public static long MicrosecondsSince(long timestamp) => (Stopwatch.GetTimestamp() - timestamp) * 1_000_000 / Stopwatch.Frequency;

    private bool TryReserve(int bytes, long mostBytes, int length)
    {
        // Looked at first, so that who finds no room takes none for a moment either.
        if (Waiting >= length || WaitingBytes + bytes > mostBytes) return false;
        if (Interlocked.Increment(ref _waiting) <= length)
        {
            if (Interlocked.Add(ref _bytes, bytes) <= mostBytes) return true;
            Interlocked.Add(ref _bytes, -bytes);
        }

        Interlocked.Decrement(ref _waiting);
        return false;
    }
}
