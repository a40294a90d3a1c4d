using System.Globalization;

namespace Peregrine.Serving.Kinds.Caching;

/// <summary>What the cache did for a request.</summary>
/// <param name="Seconds">For a hit: for how long the answer may still be given.</param>
internal readonly record struct CacheUse(CacheResult Result, int Seconds = 0)
{
    public const string Header = "Cache-Status";

    /// <summary>As the log tells it, a JSON string; empty when there is no cache.</summary>
    public ReadOnlySpan<byte> LogWord => Result switch
    {
        CacheResult.Hit => "\"hit\""u8,
        CacheResult.Stored or CacheResult.Miss => "\"miss\""u8,
        CacheResult.Collapsed => "\"collapsed\""u8,
        _ => default,
    };

    /// <summary>As <c>Cache-Status</c> of RFC 9211 has it; null when there is no cache.</summary>
    public string? HeaderValue() => Result switch
    {
        CacheResult.Hit => string.Create(CultureInfo.InvariantCulture, $"peregrine; hit; ttl={Seconds}"),
        CacheResult.Stored => "peregrine; fwd=miss; stored",
        CacheResult.Miss => "peregrine; fwd=miss",
        CacheResult.Collapsed => "peregrine; fwd=miss; collapsed",
        _ => null,
    };
}
