namespace Peregrine.Serving.Access.Keys;

/// <summary>The time in whole seconds. A timer sets it, so a request reads memory and no clock; it may be late when the machine is busy, never early.</summary>
internal sealed class SecondClock : IDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private long _now;

    public SecondClock(TimeProvider clock)
    {
        _clock = clock;
        _timer = clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Look();
    }

    /// <summary>Seconds since 1970 UTC.</summary>
    public long Now => Volatile.Read(ref _now);

    public void Dispose() => _timer.Dispose();

    /// <summary>Once after a leap of time, not for each second of it.</summary>
    private void Look()
    {
        Volatile.Write(ref _now, _clock.GetUtcNow().ToUnixTimeSeconds());
        _timer.Change(s_step, Timeout.InfiniteTimeSpan);
    }
}
