namespace Peregrine.Serving.RateLimits;

/// <summary>A sliding rate limit: holds as many units as the limit and fills evenly over the window; a charge may take it below zero.</summary>
/// <remarks>
/// A token bucket: in any stretch of time t at most limit + t · limit / window units are taken one by one. A unit is counted as as many parts as the window
/// has ticks, so that a tick fills in a whole number of parts and nothing is lost to rounding.
/// </remarks>
internal sealed class TokenBucket(long limit, TimeSpan window, TimeProvider clock) : RateCell
{
    private readonly Int128 _unit = (Int128)(window.TotalSeconds * clock.TimestampFrequency);
    private readonly Int128 _full = limit * (Int128)(window.TotalSeconds * clock.TimestampFrequency);
    private Int128 _parts = limit * (Int128)(window.TotalSeconds * clock.TimestampFrequency);
    private long _last = clock.GetTimestamp();

    public override bool TryTake()
    {
        lock (Gate)
        {
            Fill();
            if (_parts < _unit) return false;
            _parts -= _unit;
            return true;
        }
    }

    public override void Charge(long units)
    {
        lock (Gate)
        {
            Fill();
            _parts = Int128.Min(_full, _parts - (units * _unit));
        }
    }

    public override RateLevel Level()
    {
        lock (Gate)
        {
            Fill();
            return new RateLevel((long)Int128.Max(0, _parts / _unit), Seconds(_full - _parts), _parts >= _unit ? 0 : Seconds(_unit - _parts));
        }
    }

    private void Fill()
    {
        var now = clock.GetTimestamp();
        _parts = Int128.Min(_full, _parts + ((Int128)(now - _last) * limit));
        _last = now;
    }

    /// <summary>How long it takes to fill parts in, rounded up.</summary>
    private long Seconds(Int128 parts)
    {
        var second = (Int128)clock.TimestampFrequency * limit;
        return (long)((parts + second - 1) / second);
    }
}
