namespace Peregrine.Packages.Kinds;

/// <summary>How long, and in how much memory, a node keeps the answers of an endpoint whose kind answers equal requests alike. No settings: it keeps none.</summary>
public sealed record CacheSettings
{
    public const int DefaultTtlSeconds = 60;
    public const int DefaultMaxEntries = 10_000;
    public const long DefaultMaxBytes = 16 << 20;
    public const int LongestTtlSeconds = 7 * 24 * 3600;
    public const int MostEntries = 10_000_000;
    public const long MostBytes = 4L << 30;

    /// <summary>Seconds for which an answer may be given again: 1 to 604,800, default 60.</summary>
    public int TtlSeconds { get; set; } = DefaultTtlSeconds;

    /// <summary>Answers kept at most; those asked for least recently go first: 1 to 10,000,000, default 10,000.</summary>
    public int MaxEntries { get; set; } = DefaultMaxEntries;

    /// <summary>Bytes of answers and requests kept at most, as far as the node's own limit allows: 1,024 to 4 GiB, default 16 MiB.</summary>
    public long MaxBytes { get; set; } = DefaultMaxBytes;

    /// <summary>What is wrong, as the member's name and words for it; null when all is in order.</summary>
    public (string Member, string Message)? Fault() =>
        TtlSeconds is < 1 or > LongestTtlSeconds ? ("ttlSeconds", $"'ttlSeconds' is {TtlSeconds}; give 1 to {LongestTtlSeconds} seconds.")
        : MaxEntries is < 1 or > MostEntries ? ("maxEntries", $"'maxEntries' is {MaxEntries}; give 1 to {MostEntries}.")
        : MaxBytes is < 1024 or > MostBytes ? ("maxBytes", $"'maxBytes' is {MaxBytes}; give 1024 to {MostBytes}.")
        : null;
}
