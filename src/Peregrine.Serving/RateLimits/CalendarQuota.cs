namespace Peregrine.Serving.RateLimits;

/// <summary>A quota for a calendar period in UTC; all of it is there again when the next one begins.</summary>
/// <param name="used">Units taken in the period that ends at <paramref name="end"/>, as counted before a restart.</param>
internal sealed class CalendarQuota(long limit, QuotaPeriod period, TimeProvider clock, long used = 0, DateTimeOffset end = default) : RateCell
{
    private long _used = used;
    private DateTimeOffset _end = end;

    /// <summary>For the disk.</summary>
    public (long Used, DateTimeOffset End) State
    {
        get
        {
            lock (Gate) return (_used, _end);
        }
    }

    public override bool TryTake()
    {
        lock (Gate)
        {
            Turn();
            if (_used >= limit) return false;
            _used++;
            return true;
        }
    }

    public override void Charge(long units)
    {
        lock (Gate)
        {
            Turn();
            _used = Math.Max(0, _used + units);
        }
    }

    public override RateLevel Level()
    {
        lock (Gate)
        {
            var now = Turn();
            var left = (long)Math.Ceiling((_end - now).TotalSeconds);
            return new RateLevel(Math.Max(0, limit - _used), left, _used < limit ? 0 : left);
        }
    }

    /// <summary>The end of the period that a moment lies in.</summary>
    public static DateTimeOffset EndOf(QuotaPeriod period, DateTimeOffset moment)
    {
        var utc = moment.UtcDateTime;
        var end = period switch
        {
            QuotaPeriod.Hour => utc.Date.AddHours(utc.Hour + 1),
            QuotaPeriod.Day => utc.Date.AddDays(1),
            _ => new DateTime(utc.Year, utc.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1),
        };
        return new DateTimeOffset(end, TimeSpan.Zero);
    }

    /// <summary>Begins the next period when it is time.</summary>
    private DateTimeOffset Turn()
    {
        var now = clock.GetUtcNow();
        if (now < _end) return now;
        _used = 0;
        _end = EndOf(period, now);
        return now;
    }
}
