using Peregrine.Models.Drift;

namespace Peregrine.Serving.Drift;

/// <summary>What one endpoint of one generation has seen, as counts over the cells of its training reference. Bounded memory; thread-safe.</summary>
internal sealed class DriftSketch
{
    private readonly Lock _gate = new();
    private readonly StripedCells _fresh;
    private readonly WindowRing[] _rings;
    private readonly TimeProvider _time;
    private readonly long[] _total;
    private readonly long[] _drained;
    private DateTimeOffset _since;

    public DriftSketch(TrainingReference reference, IReadOnlyList<DriftWindow> windows, TimeProvider time)
    {
        Binner = new ReferenceBinner(reference);
        Digest = reference.ComputeDigest();
        _time = time;
        _fresh = new StripedCells(Binner.Cells);
        _rings = [.. windows.Select(window => new WindowRing(window, Binner.Cells))];
        _total = new long[Binner.Cells];
        _drained = new long[Binner.Cells];
        _since = time.GetUtcNow();
    }

    public ReferenceBinner Binner { get; }

    /// <summary>Of the reference.</summary>
    public string Digest { get; }

    /// <summary>Most memory that the counts take.</summary>
    public long Bytes => _fresh.Bytes + sizeof(long) * (_total.Length + _drained.Length) + _rings.Sum(ring => ring.MostBytes);

    /// <summary>Raises the cells of one or more rows. The request path's only write: no lock, no allocation.</summary>
    public void Raise(ReadOnlySpan<int> cells) => _fresh.Raise(cells);

    /// <summary>Brings what was counted since the last time into the windows.</summary>
    public void Collect()
    {
        lock (_gate) CollectLocked();
    }

    /// <summary>Forgets everything: the rehearsal before the first request is no traffic.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            CollectLocked();
            _total.AsSpan().Clear();
            foreach (var ring in _rings) ring.Clear();
            _since = _time.GetUtcNow();
        }
    }

    /// <summary>The counts of a window up to now.</summary>
    /// <param name="window">One of the sketch's, or <see cref="DriftWindow.Load"/>.</param>
    /// <returns>Shape [cells of the binner], and what time it covers.</returns>
    public (long[] Counts, DateTimeOffset From, DateTimeOffset To) Read(string window)
    {
        lock (_gate)
        {
            var now = CollectLocked();
            var counts = new long[_total.Length];
            if (Array.Find(_rings, ring => ring.Window.Name == window) is { } sliding)
            {
                var from = sliding.Sum(counts, now);
                return (counts, from > _since ? from : _since, now);
            }

            _total.AsSpan().CopyTo(counts);
            return (counts, _since, now);
        }
    }

    private DateTimeOffset CollectLocked()
    {
        var now = _time.GetUtcNow();
        if (!_fresh.Drain(_drained)) return now;
        for (var cell = 0; cell < _total.Length; cell++) _total[cell] += _drained[cell];
        foreach (var ring in _rings) ring.Add(_drained, now);
        _drained.AsSpan().Clear();
        return now;
    }
}
