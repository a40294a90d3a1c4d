using System.ComponentModel.DataAnnotations;

namespace Peregrine.Serving.Access;

/// <summary>Who may call, and what becomes of those who may not. A value out of range stops the start with a message that names it.</summary>
public sealed class AccessOptions
{
    public const string Section = "Serving:Access";

    /// <summary>Most keys that one service may have on this node beside those of its package: 1 to 10,000, default 1,000.</summary>
    [Range(1, 10_000)]
    public int MaxKeysPerService { get; set; } = 1_000;

    /// <summary>How long the old key stays valid beside the new one when a rotation does not say: 0 to 366 days, default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "366.00:00:00")]
    public TimeSpan RotationOverlap { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Longest token that is looked at, in characters: 1,024 to 65,536, default 16,384.</summary>
    [Range(1024, 65_536)]
    public int MaxTokenLength { get; set; } = 16_384;

    /// <summary>Age at which an issuer's keys are fetched again, beside the requests: 10 s to 1 day, default 10 min. It is how long a withdrawn key may still count.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan SigningKeysRefresh { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long keys are used beyond that age while the issuer cannot be reached: 0 to 30 days, default 1 day. After that its tokens are answered 503.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan SigningKeysOutage { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Shortest time between two fetches of one issuer's keys, whatever key ids are asked for: 100 ms to 10 min, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan SigningKeysMinInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for an issuer's keys: 100 ms to 1 min, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan SigningKeysTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
