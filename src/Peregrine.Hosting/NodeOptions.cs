using System.ComponentModel.DataAnnotations;

namespace Peregrine.Hosting;

/// <summary>What holds for every node, whatever role it plays.</summary>
public sealed class NodeOptions
{
    public const string Section = "Peregrine:Node";

    /// <summary>Largest request body in bytes where a call sets no limit of its own: default 30 MB.</summary>
    [Range(1L, long.MaxValue)]
    public long MaxRequestBodyBytes { get; set; } = 30_000_000;

    /// <summary>Longest request line in bytes, default 1 MB: some clients send whole lists of records in the query.</summary>
    [Range(8 * 1024, 16 * 1024 * 1024)]
    public int MaxRequestLineBytes { get; set; } = 1024 * 1024;

    /// <summary>All request headers together in bytes, default 64 kB.</summary>
    [Range(8 * 1024, 1024 * 1024)]
    public int MaxRequestHeadersBytes { get; set; } = 64 * 1024;

    /// <summary>Time between failing readiness and refusing requests when somebody watches readiness: 0 to 5 min, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait for running requests at shutdown: 0 to 10 min, default 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>A file whose presence makes <c>/isAlive/</c> answer 503 while requests are still taken, for rolling upgrades. Default: none is looked for.</summary>
    public string? NotAliveFile { get; set; }
}
