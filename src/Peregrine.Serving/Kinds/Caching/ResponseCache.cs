using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Kinds.Caching;

/// <summary>
/// The answers that one endpoint of one generation keeps, and the computations that are under way: equal requests that come together are computed once. It is let go
/// with its generation, so nothing has to be made invalid.
/// </summary>
/// <remarks>One short lock: a request takes it once, and a second time when it computes. Errors are told to those who wait, and not kept.</remarks>
internal sealed class ResponseCache(CacheLimits limits, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<byte[], LinkedListNode<Entry>> _entries = new(CacheKeyComparer.Instance);
    private readonly LinkedList<Entry> _byUse = new(); // the most recently used first
    private readonly Dictionary<byte[], Flight> _flights = new(CacheKeyComparer.Instance);
    private long _bytes;
    private long _evicted;

    public int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    /// <summary>Memory of what is kept.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Answers that had to go before their time.</summary>
    public long Evicted => Volatile.Read(ref _evicted);

    /// <summary>
    /// A kept answer, or else a computation to wait for. Whoever <paramref name="leads"/> must see to it that the computation ends by <see cref="End"/> or <see cref="Fail"/>.
    /// </summary>
    /// <param name="seconds">For how long a kept answer may still be given, in whole seconds.</param>
    public CachedAnswer? Ask(ReadOnlySpan<byte> key, out int seconds, out Flight? flight, out bool leads)
    {
        (seconds, flight, leads) = (0, null, false);
        lock (_gate)
        {
            if (FindFresh(key, out seconds) is { } answer) return answer;
            if (_flights.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out flight))
            {
                flight.Waiting++;
                return null;
            }

            flight = new Flight(key.ToArray());
            leads = true;
            _flights.Add(flight.Key, flight);
            return null;
        }
    }

    /// <summary>A computation has ended. Its answer is kept where it fits.</summary>
    public void End(Flight flight, ApiError? error, CachedAnswer? answer)
    {
        bool isKept;
        lock (_gate)
        {
            Remove(flight);
            isKept = answer is not null && TryKeep(flight.Key, answer);
        }

        flight.End(new FlightEnd(error, answer, isKept));
    }

    /// <summary>A computation has failed as nobody expected.</summary>
    public void Fail(Flight flight, Exception fault)
    {
        lock (_gate) Remove(flight);
        flight.Fail(fault);
    }

    /// <summary>A request no longer waits for a computation. One that nobody waits for is abandoned, and the next equal request begins anew.</summary>
    public void Leave(Flight flight)
    {
        lock (_gate)
        {
            if (--flight.Waiting > 0 || flight.Ended.IsCompleted) return;
            Remove(flight);
        }

        flight.Abandon();
    }

    private void Remove(Flight flight)
    {
        if (_flights.TryGetValue(flight.Key, out var known) && ReferenceEquals(known, flight)) _flights.Remove(flight.Key);
    }

    private CachedAnswer? FindFresh(ReadOnlySpan<byte> key, out int seconds)
    {
        seconds = 0;
        if (!_entries.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var node)) return null;
        var left = limits.TimeToLive - clock.GetElapsedTime(node.Value.Stored);
        if (left <= TimeSpan.Zero)
        {
            Drop(node);
            return null;
        }

        if (node != _byUse.First)
        {
            _byUse.Remove(node);
            _byUse.AddFirst(node);
        }

        seconds = (int)left.TotalSeconds;
        return node.Value.Answer;
    }

    private bool TryKeep(byte[] key, CachedAnswer answer)
    {
        var bytes = answer.Bytes + key.Length;
        if (bytes > limits.MaxBytes) return false;
        if (_entries.TryGetValue(key, out var before)) Drop(before);
        while (_byUse.Last is { } last && (_entries.Count >= limits.MaxEntries || _bytes + bytes > limits.MaxBytes))
        {
            if (clock.GetElapsedTime(last.Value.Stored) < limits.TimeToLive) _evicted++;
            Drop(last);
        }

        _entries.Add(key, _byUse.AddFirst(new Entry(key, answer, bytes, clock.GetTimestamp())));
        _bytes += bytes;
        return true;
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _entries.Remove(node.Value.Key);
        _byUse.Remove(node);
        _bytes -= node.Value.Bytes;
    }

    /// <param name="Stored">Timestamp of the clock.</param>
    private sealed record Entry(byte[] Key, CachedAnswer Answer, long Bytes, long Stored);
}
