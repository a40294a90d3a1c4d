namespace Peregrine.Serving.RateLimits;

/// <summary>What is left to one caller, or to all together, by one rule. Safe for many threads.</summary>
internal abstract class RateCell
{
    protected Lock Gate { get; } = new();

    /// <summary>Takes one unit when at least one is left.</summary>
    public abstract bool TryTake();

    /// <summary>Takes units whether they are left or not; a negative number gives back.</summary>
    public abstract void Charge(long units);

    public abstract RateLevel Level();
}

/// <param name="Remaining">Whole units left, 0 or more.</param>
/// <param name="Reset">Seconds until all are there again, rounded up.</param>
/// <param name="Wait">Seconds until one is left, rounded up; 0: now.</param>
internal readonly record struct RateLevel(long Remaining, long Reset, long Wait);
