using Peregrine.Hosting.Health;

namespace Peregrine.Serving.RateLimits;

/// <summary>Tells of limits that cannot be read and so do not hold.</summary>
internal sealed class RateLimitHealth(RateLimitStore limits) : IReadinessCondition
{
    public string Name => "rate-limits";

    public Readiness Check() => limits.Health("limits");
}
