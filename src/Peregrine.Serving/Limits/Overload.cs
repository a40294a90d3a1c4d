using System.Diagnostics;

namespace Peregrine.Serving.Limits;

/// <summary>
/// Tells a burst from an overload. A burst is a queue that soon runs empty; an overload is a queue that stands, and lasts until nothing was refused for a while.
/// </summary>
/// <remarks>After the controlled delay of Nichols and Jacobson (ACM Queue 10(5), 2012): what counts is for how long a queue has stood, not how long it is.</remarks>
internal sealed class Overload(TimeSpan after)
{
    private const int CalmFactor = 5;

    private readonly long _after = (long)(after.TotalSeconds * Stopwatch.Frequency);
    private long _lastEmpty;
    private long _lastRefused;
    private bool _lasts;

    /// <param name="now">Timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="waiting">Length of the queue.</param>
    public bool Lasts(long now, int waiting)
    {
        if (waiting == 0) Volatile.Write(ref _lastEmpty, now);
        if (Volatile.Read(ref _lasts))
        {
            if (now - Volatile.Read(ref _lastRefused) <= _after * CalmFactor) return true;
            Volatile.Write(ref _lastEmpty, now);
            Volatile.Write(ref _lasts, false);
        }
        else if (now - Volatile.Read(ref _lastEmpty) > _after)
        {
            Volatile.Write(ref _lastRefused, now);
            Volatile.Write(ref _lasts, true);
            return true;
        }

        return false;
    }

    public void Emptied(long now) => Volatile.Write(ref _lastEmpty, now);

    public void Refused(long now) => Volatile.Write(ref _lastRefused, now);
}
