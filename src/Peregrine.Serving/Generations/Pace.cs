using System.Diagnostics;

namespace Peregrine.Serving.Generations;

/// <summary>
/// How one piece of long work shares its processor with the requests: after a stretch it rests, in proportion to how long the stretch took while the process has other
/// things to do, for a moment otherwise.
/// </summary>
/// <remarks>
/// A stretch takes longer the more the requests interrupt it, so the work takes a share of what they leave, not of the whole processor: waiting times grow with one over the
/// share of time in which nothing is to be done.
/// </remarks>
/// <param name="share">Of the time that requests leave: above 0, at most 1.</param>
/// <param name="most">What rests in proportion may add up to; from then on each is a moment, so that the load of a large model comes to an end.</param>
internal sealed class Pace(double share, TimeSpan most)
{
    /// <summary>How long it works before it rests.</summary>
    private static readonly TimeSpan s_stretch = TimeSpan.FromMilliseconds(0.4);
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(50);

    /// <summary>The process had other things to do when the rest of it used more of one processor than this while the work rested.</summary>
    private const double Busy = 0.02;

    private long _since = Stopwatch.GetTimestamp();
    private bool _busy = true;
    private TimeSpan _rested;

    /// <summary>Called between steps of the work.</summary>
    public void GiveWay()
    {
        var stretch = Stopwatch.GetElapsedTime(_since);
        if (stretch < s_stretch) return;
        var used = Environment.CpuUsage.TotalTime;
        var asleep = Stopwatch.GetTimestamp();
        var inProportion = _busy && _rested < most;
        Thread.Sleep(RestAfter(stretch, inProportion, share));
        var slept = Stopwatch.GetElapsedTime(asleep);
        if (inProportion) _rested += slept;
        _busy = Environment.CpuUsage.TotalTime - used > slept * Busy;
        _since = Stopwatch.GetTimestamp();
    }

    /// <returns>1 to 50 ms, in whole milliseconds as the system's sleep takes them.</returns>
    internal static TimeSpan RestAfter(TimeSpan stretch, bool busy, double share)
    {
        if (!busy) return s_shortest;
        var rest = TimeSpan.FromMilliseconds(Math.Ceiling(stretch.TotalMilliseconds * ((1 / share) - 1)));
        return rest < s_shortest ? s_shortest : rest > s_longest ? s_longest : rest;
    }
}
