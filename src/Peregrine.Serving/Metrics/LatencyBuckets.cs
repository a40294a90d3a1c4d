using System.Numerics;

namespace Peregrine.Serving.Metrics;

/// <summary>
/// Counts durations in log-linear buckets, 16 per doubling, so a percentile is off by at most 6.25 %. From 1 microsecond to
/// about 19 hours; raising a count is one atomic add.
/// </summary>
internal sealed class LatencyBuckets
{
    private const int StepBits = 4;
    private const int Steps = 1 << StepBits;
    private const int Doublings = 32;

    private readonly long[] _counts = new long[(Doublings + 1) * Steps];
    private long _totalMicroseconds;

    public void Add(long microseconds)
    {
        Interlocked.Increment(ref _counts[IndexOf(microseconds)]);
        Interlocked.Add(ref _totalMicroseconds, microseconds);
    }

    public long Count
    {
        get
        {
            var sum = 0L;
            for (var i = 0; i < _counts.Length; i++) sum += Volatile.Read(ref _counts[i]);
            return sum;
        }
    }

    public long TotalMicroseconds => Volatile.Read(ref _totalMicroseconds);

    /// <summary>The duration, in microseconds, that a share of all durations does not exceed; 0 when there are none.</summary>
    /// <param name="share">0 to 1.</param>
    public long Percentile(double share) => Percentile(Copy(), share);

    /// <summary>The counts by bucket, now.</summary>
    public long[] Copy()
    {
        var copy = new long[_counts.Length];
        for (var i = 0; i < copy.Length; i++) copy[i] = Volatile.Read(ref _counts[i]);
        return copy;
    }

    /// <summary>The buckets that are not empty, upwards, each with the longest duration that falls into it.</summary>
    public IReadOnlyList<(long UpperMicroseconds, long Count)> Filled() =>
        [.. Copy().Select((count, index) => (UpperEnd(index), count)).Where(bucket => bucket.count > 0)];

    /// <inheritdoc cref="Percentile(double)"/>
    /// <param name="counts">As <see cref="Copy"/> gives them, or the difference of two copies.</param>
    public static long Percentile(ReadOnlySpan<long> counts, double share)
    {
        var all = 0L;
        foreach (var count in counts) all += count;
        var wanted = (long)Math.Ceiling(share * all);
        if (wanted == 0) return 0;
        var seen = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen >= wanted) return UpperEnd(i);
        }

        return UpperEnd(counts.Length - 1);
    }

    private static int IndexOf(long microseconds)
    {
        if (microseconds < Steps) return (int)Math.Max(microseconds, 0);
        var top = BitOperations.Log2((ulong)microseconds);
        if (top >= Doublings + StepBits - 1) return ((Doublings + 1) * Steps) - 1;
        return ((top - StepBits + 1) << StepBits) + (int)((microseconds >> (top - StepBits)) & (Steps - 1));
    }

    private static long UpperEnd(int index)
    {
        if (index < Steps) return index;
        var shift = (index >> StepBits) - 1;
        return ((long)(Steps + (index & (Steps - 1)) + 1) << shift) - 1;
    }
}
