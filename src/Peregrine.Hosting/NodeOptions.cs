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

    /// <summary>Most headers of a request: 16 to 10,000, default 100.</summary>
    [Range(16, 10_000)]
    public int MaxRequestHeaders { get; set; } = 100;

    /// <summary>Longest wait for all headers of a request, from its first byte: 1 s to 1 h, default 30 s. It is looked at once a second.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RequestHeadersTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection without requests is kept: 1 s to 1 day, default 130 s. It is looked at once a second.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>Slowest request body in bytes per second, after 5 s of grace: 0 (any) to 1,000,000, default 240.</summary>
    [Range(0, 1_000_000)]
    public int MinRequestBodyBytesPerSecond { get; set; } = 240;

    /// <summary>Most connections at a time; further ones are closed at once: 0 (any number) to 1,000,000, default 0.</summary>
    [Range(0, 1_000_000)]
    public int MaxConnections { get; set; }

    /// <summary>Time between failing readiness and refusing requests when somebody watches readiness: 0 to 5 min, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait for running requests at shutdown: 0 to 10 min, default 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>A file whose presence makes <c>/isAlive/</c> answer 503 while requests are still taken, for rolling upgrades. Default: none is looked for.</summary>
    public string? NotAliveFile { get; set; }
}
