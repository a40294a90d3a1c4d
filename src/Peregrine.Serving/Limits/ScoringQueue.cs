using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Limits;

/// <summary>
/// Scores bulk requests on a few threads of its own, so that the threads on which requests arrive stay free to refuse what is too much. The queue ahead
/// of them is bounded by number and by the time that its work will take.
/// </summary>
/// <remarks>
/// A thread that scores where a request arrives cannot refuse the next one: on one core the waiting line then builds up in the thread pool, in front of any
/// gate. The time of the work ahead is guessed from its bytes and the time that a byte took of late.
/// </remarks>
internal sealed class ScoringQueue : IDisposable
{
    private const int AlwaysWaiting = 4; // for each thread
    private const int RateWeight = 8; // of the past against the newest piece of work

    private readonly ConcurrentQueue<ScoringWork> _waiting = new();
    private readonly SemaphoreSlim _ready = new(0);
    private readonly Overload _overload;
    private readonly LimitOptions _options;
    private readonly LimitMetrics _metrics;
    private readonly long _queueWait;
    private readonly long _overloadedWait;
    private readonly int _threads;
    private int _count;
    private int _running;
    private int _started;
    private long _bytes;
    private double _ticksPerByte;
    private volatile bool _stopped;

    public ScoringQueue(IOptions<LimitOptions> options, LimitMetrics metrics)
    {
        _options = options.Value;
        _metrics = metrics;
        _threads = _options.Threads;
        _queueWait = Ticks(_options.QueueWait);
        _overloadedWait = Ticks(_options.OverloadedQueueWait);
        _overload = new Overload(_options.OverloadedAfter);
        metrics.Observe(this);
    }

    /// <summary>Pieces of work that wait.</summary>
    public int Waiting => Volatile.Read(ref _count);

    /// <summary>Pieces of work that are being scored.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Why work would be refused now; null: it would be taken. For a look before the body is read.</summary>
    public ApiError? Refusal() => Refusal(Volatile.Read(ref _count));

    /// <summary>Takes work, or says at once why not.</summary>
    public ApiError? TryEnqueue(ScoringWork work)
    {
        var ahead = Interlocked.Increment(ref _count) - 1;
        if (Refusal(ahead) is { } refusal)
        {
            Interlocked.Decrement(ref _count);
            return refusal;
        }

        Add(work);
        return null;
    }

    public void Dispose()
    {
        if (_stopped) return;
        _stopped = true;
        AbandonAll();
        _ready.Release(Math.Max(1, _started));
    }

    private ApiError? Refusal(int ahead)
    {
        var now = Stopwatch.GetTimestamp();
        var overloaded = _overload.Lasts(now, ahead);
        if (Volatile.Read(ref _running) + ahead < _threads) return null;
        if (ahead >= _options.QueueLength) return Refuse(now, LimitFaults.QueueFull, LimitMetrics.QueueFull);
        // A few that wait for each thread, whatever their size, keep it from idling, and callers who wait for their answers before they ask again from being refused.
        if (ahead < _threads * AlwaysWaiting) return null;
        var wait = Volatile.Read(ref _bytes) * Volatile.Read(ref _ticksPerByte) / _threads;
        return wait <= (overloaded ? _overloadedWait : _queueWait) ? null : Refuse(now, LimitFaults.QueueWait, LimitMetrics.QueueWait);
    }

    private void Add(ScoringWork work)
    {
        work.Queued = Stopwatch.GetTimestamp();
        Interlocked.Add(ref _bytes, work.Bytes);
        _waiting.Enqueue(work);
        if (Volatile.Read(ref _started) < _threads) StartThread();
        _ready.Release();
        if (_stopped) AbandonAll();
    }

    private void StartThread()
    {
        var number = Interlocked.Increment(ref _started);
        if (number > _threads) return;
        new Thread(Score) { IsBackground = true, Name = $"scoring-{number}" }.Start();
    }

    private void Score()
    {
        while (!_stopped)
        {
            _ready.Wait();
            if (!_waiting.TryDequeue(out var work)) continue;
            Interlocked.Increment(ref _running);
            Interlocked.Add(ref _bytes, -work.Bytes);
            if (Interlocked.Decrement(ref _count) == 0) _overload.Emptied(Stopwatch.GetTimestamp());
            var took = work.Run(_queueWait);
            if (took > 0 && work.Bytes > 0) Learn((double)took / work.Bytes);
            Interlocked.Decrement(ref _running);
            work.Complete();
        }
    }

    private void AbandonAll()
    {
        while (_waiting.TryDequeue(out var work)) work.Abandon();
    }

    /// <summary>Threads may overwrite each other's lesson; the next one mends it.</summary>
    private void Learn(double ticksPerByte)
    {
        var known = Volatile.Read(ref _ticksPerByte);
        Volatile.Write(ref _ticksPerByte, known == 0 ? ticksPerByte : known + (ticksPerByte - known) / RateWeight);
    }

    private ApiError Refuse(long now, ApiError error, string reason)
    {
        _overload.Refused(now);
        _metrics.Refuse(reason);
        return error;
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
