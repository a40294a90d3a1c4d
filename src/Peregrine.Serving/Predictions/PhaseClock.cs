using System.Diagnostics;

namespace Peregrine.Serving.Predictions;

/// <summary>Splits the time since a request began into phases.</summary>
internal struct PhaseClock(long started)
{
    private readonly long _started = started;
    private long _last = started;
    private long _parse;
    private long _score;

    public readonly long ParseMicroseconds => Microseconds(_parse);

    public readonly long ScoreMicroseconds => Microseconds(_score);

    /// <summary>From the beginning to <see cref="Complete"/>.</summary>
    public readonly long TotalMicroseconds => Microseconds(_last - _started);

    /// <summary>Whether the last phase ended after a deadline; 0: there is none.</summary>
    public readonly bool IsPast(long deadline) => deadline != 0 && _last > deadline;

    public readonly long ParseNanoseconds => Nanoseconds(_parse);

    public readonly long ScoreNanoseconds => Nanoseconds(_score);

    /// <summary>What belongs to neither, up to <see cref="Complete"/>.</summary>
    public readonly long RestNanoseconds => Nanoseconds(_last - _started - _parse - _score);

    public void Parsed() => _parse += Lap();

    public void Scored() => _score += Lap();

    public void Complete() => Lap();

    /// <summary>Time since the last phase belongs to none.</summary>
    public void Skip() => Lap();

    private long Lap()
    {
        var now = Stopwatch.GetTimestamp();
        var lap = now - _last;
        _last = now;
        return lap;
    }

    private static long Nanoseconds(long ticks) => (long)(ticks * (1e9 / Stopwatch.Frequency));

    private static long Microseconds(long ticks) => ticks * 1_000_000 / Stopwatch.Frequency;
}
