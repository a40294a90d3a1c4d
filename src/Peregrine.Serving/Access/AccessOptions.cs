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

    /// <summary>How often it is written down when keys were last used: 1 s to 1 h, default 1 min. A killed process loses the uses since then; a clean stop loses none.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeyUseSaveInterval { get; set; } = TimeSpan.FromMinutes(1);

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

    /// <summary>Wrong credentials from one address before it has to wait: 0 (never) to 1,000,000, default 20.</summary>
    [Range(0, 1_000_000)]
    public int FailedAttempts { get; set; } = 20;

    /// <summary>Time without a wrong credential after which an address is forgotten: 1 s to 1 day, default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan FailedAttemptsWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest wait of such an address; it begins with 1 s and doubles: 1 s to 1 day, default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan FailedAttemptsMaxWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Addresses of proxies whose <c>X-Forwarded-For</c> is believed. Default: none, so a client is who connects.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>Port of the admin API alone: 0 (a free one) to 65,535. Default: none, the admin API is on the node's port.</summary>
    [Range(0, 65_535)]
    public int? AdminPort { get; set; }

    /// <summary>Address that the admin port listens on. Default 127.0.0.1: only this machine reaches it.</summary>
    [Required]
    public string AdminAddress { get; set; } = "127.0.0.1";

    /// <summary>Refusals that the audit log takes each second; more are counted in the next line: 1 to 10,000, default 20.</summary>
    [Range(1, 10_000)]
    public int AuditRefusalsPerSecond { get; set; } = 20;

    /// <summary>Size at which a file of the audit log is closed and the next begun, in bytes: 4 KiB to 1 GiB, default 16 MiB.</summary>
    [Range(4L * 1024, 1024L * 1024 * 1024)]
    public long AuditFileBytes { get; set; } = 16L * 1024 * 1024;

    /// <summary>Disk that the audit log may take, in bytes; the oldest files go first: 4 KiB to 1 TiB, default 256 MiB.</summary>
    [Range(4L * 1024, 1024L * 1024 * 1024 * 1024)]
    public long AuditTotalBytes { get; set; } = 256L * 1024 * 1024;
}
