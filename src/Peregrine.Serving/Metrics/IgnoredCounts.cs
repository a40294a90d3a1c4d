using Peregrine.Models;

namespace Peregrine.Serving.Metrics;

/// <summary>How many records of one endpoint were ignored, by reason. Thread-safe.</summary>
internal sealed class IgnoredCounts
{
    private readonly long[] _counts = new long[IgnoreReasons.All.Count];

    /// <param name="reason">A place in <see cref="IgnoreReasons.All"/>.</param>
    public long this[int reason] => Interlocked.Read(ref _counts[reason]);

    public void Add(in IgnoredTally tally)
    {
        for (var reason = 0; reason < _counts.Length; reason++)
            if (tally[reason] > 0) Interlocked.Add(ref _counts[reason], tally[reason]);
    }
}
