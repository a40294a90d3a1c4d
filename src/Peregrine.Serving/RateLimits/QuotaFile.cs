namespace Peregrine.Serving.RateLimits;

/// <summary><c>services/{id}/quotas.json</c>: what quotas had counted when it was written, by rule and key.</summary>
internal sealed record QuotaFile
{
    public Dictionary<string, Dictionary<string, QuotaCount>> Rules { get => field ?? []; init; }
}

/// <param name="Used">Units taken in the period.</param>
/// <param name="End">Of the period.</param>
internal sealed record QuotaCount(long Used, DateTimeOffset End);
