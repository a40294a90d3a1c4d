namespace Peregrine.Serving.RateLimits;

/// <summary>The rules of one service at work. Immutable but for what they count.</summary>
/// <param name="Damage">Why the file cannot be read; then nothing is limited, which <c>/readyz?verbose</c> tells.</param>
internal sealed record RateLimitSet(IReadOnlyList<RateLimit> All, string? Damage = null)
{
    /// <summary>Those that concern an endpoint.</summary>
    public RateLimit[] Of(string endpoint) => [.. All.Where(limit => limit.Rule.Endpoint is null || limit.Rule.Endpoint == endpoint)];
}
