using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.Shadows;

/// <summary>What became of the copies that one shadow got of one endpoint's answers by one generation. Written by one thread, read by any.</summary>
internal sealed class ShadowComparison(ShadowPair pair, int mostFlipPairs)
{
    private const string Others = "(others)";

    private readonly Lock _gate = new();
    private readonly Dictionary<(string From, string To), long> _flips = [];
    private ShadowCounts _counts;

    public ShadowPair Pair => pair;

    /// <summary>Time to answer the requests that were copied.</summary>
    public LatencyBuckets PrimaryLatency { get; } = new();

    /// <summary>Time to read and score the copies.</summary>
    public LatencyBuckets ShadowLatency { get; } = new();

    public ShadowCounts Counts
    {
        get
        {
            lock (_gate) return _counts;
        }
    }

    /// <summary>Answers of classes that differ, the most frequent first.</summary>
    public IReadOnlyList<(string From, string To, long Count)> Flips
    {
        get
        {
            lock (_gate) return [.. _flips.OrderByDescending(flip => flip.Value).Select(flip => (flip.Key.From, flip.Key.To, flip.Value))];
        }
    }

    /// <returns>Whether both agree.</returns>
    public bool Add(ShadowResult primary, ShadowResult shadow)
    {
        var agree = primary.AgreesWith(shadow);
        lock (_gate)
        {
            _counts.Records++;
            if (agree) _counts.Agreed++;
            if (primary.Ignored != shadow.Ignored) _counts.IgnoredDiffer++;
            else if (!agree && primary.Label is not null && shadow.Label is not null) AddFlip(primary.Label, shadow.Label);
            if (primary.DistanceTo(shadow) is { } distance)
            {
                _counts.Compared++;
                _counts.SumOfDistances += distance;
                _counts.LargestDistance = Math.Max(_counts.LargestDistance, distance);
            }
        }

        return agree;
    }

    /// <summary>Counts records that the shadow could not take.</summary>
    public void Fail(int records, string reason)
    {
        lock (_gate)
        {
            _counts.Failed += records;
            _counts.LastFailure = reason;
        }
    }

    private void AddFlip(string from, string to)
    {
        _counts.Flips++;
        var flip = _flips.ContainsKey((from, to)) || _flips.Count < mostFlipPairs ? (from, to) : (Others, Others);
        _flips[flip] = _flips.GetValueOrDefault(flip) + 1;
    }
}
