using Peregrine.Packages.Kinds;

namespace Peregrine.Serving.Kinds.Caching;

/// <summary>What one cache may keep, and for how long.</summary>
internal readonly record struct CacheLimits(TimeSpan TimeToLive, int MaxEntries, long MaxBytes)
{
    /// <param name="node">What the node allows any endpoint.</param>
    public static CacheLimits Of(CacheSettings settings, ResponseCacheOptions node) =>
        new(TimeSpan.FromSeconds(settings.TtlSeconds), settings.MaxEntries, Math.Min(settings.MaxBytes, node.MaxBytesPerEndpoint));
}
