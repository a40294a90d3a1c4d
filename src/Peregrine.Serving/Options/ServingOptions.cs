using System.ComponentModel.DataAnnotations;

namespace Peregrine.Serving;

/// <summary>How an API node keeps and serves its services. A value out of range stops the start with a message that names it.</summary>
public sealed class ServingOptions
{
    public const string Section = "Serving";

    /// <summary>Folder of services, keys and query logs; made when absent. Required.</summary>
    [Required(AllowEmptyStrings = false)]
    public string DataDirectory { get; set; } = "";

    /// <summary>An admin key that always works beside those in keys.json. When absent and no key is stored, the admin API refuses every call.</summary>
    [MinLength(8)]
    public string? AdminKey { get; set; }

    /// <summary>Folders of this machine from which <c>importFromArchive</c> may read packages. Default: none, so that call is refused.</summary>
    public IList<string> ImportFolders { get; } = [];

    /// <summary>Largest body of a prediction request, in bytes: 1 KiB to 1 GiB, default 10 MB. A larger one is answered 413.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxRequestBodyBytes { get; set; } = 10_000_000;

    /// <summary>Largest package that an import takes, in bytes: 1 KiB to 64 GiB, default 1 GiB.</summary>
    [Range(1024L, 64L * 1024 * 1024 * 1024)]
    public long MaxPackageBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Most records in one <c>predict-multi</c>: 1 to 10,000,000, default 100,000. More is answered 413.</summary>
    [Range(1, 10_000_000)]
    public int MaxRecordsPerRequest { get; set; } = 100_000;

    /// <summary>Deepest nesting of a request body: 4 to 1,024, default 64.</summary>
    [Range(4, 1024)]
    public int MaxJsonDepth { get; set; } = 64;

    /// <summary>
    /// Answers of predictions from this size on are compressed for callers that accept it, in bytes: 0 to 1 GiB, default 16 KiB. Streams are compressed whatever
    /// their length.
    /// </summary>
    [Range(0, 1024 * 1024 * 1024)]
    public int CompressFromBytes { get; set; } = 16 * 1024;

    /// <summary>Whether predictions are written to the query log. Default: yes.</summary>
    public bool QueryLogEnabled { get; set; } = true;

    /// <summary>Memory between answers and the log file, in bytes, rounded up to a power of two: 64 KiB to 1 GiB, default 8 MiB. When it is full, lines are dropped and counted.</summary>
    [Range(64 * 1024, 1024 * 1024 * 1024)]
    public int QueryLogBufferBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Longest time a line waits in memory: 5 ms to 10 s, default 50 ms. A killed process loses at most these lines.</summary>
    [Range(typeof(TimeSpan), "00:00:00.005", "00:00:10")]
    public TimeSpan QueryLogFlushInterval { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Size at which a log file is closed and the next begun, in bytes: 64 KiB to 16 GiB, default 64 MiB.</summary>
    [Range(64L * 1024, 16L * 1024 * 1024 * 1024)]
    public long QueryLogFileBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Disk that all query logs may take, in bytes: at least one file; 64 KiB to 16 TiB, default 1 GiB. The oldest files go first.</summary>
    [Range(64L * 1024, 16L * 1024 * 1024 * 1024 * 1024)]
    public long QueryLogTotalBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>How often the golden records are scored before a generation takes requests: 0 to 100,000 rounds, default 200.</summary>
    [Range(0, 100_000)]
    public int WarmUpRounds { get; set; } = 200;

    /// <summary>
    /// How long after its start a node compiles hot code at the precedence of requests: 0 to 1 day, default 20 s. After that the runtime's compiler takes about a tenth of
    /// a core that requests keep busy. Linux only; -1 ms: it never yields.
    /// </summary>
    [Range(typeof(TimeSpan), "-00:00:00.001", "1.00:00:00")]
    public TimeSpan CompilerYieldsAfter { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Share of the processor's time that requests leave which loading a generation takes on a machine of one or two processors: 0.01 to 1, default 0.1. A smaller one makes
    /// a switch take longer and disturb requests less. Without requests a load rests for a moment only.
    /// </summary>
    [Range(0.01, 1)]
    public double LoadShare { get; set; } = 0.1;

    /// <summary>
    /// How much longer a load may take for the sake of <see cref="LoadShare"/>: 0 to 1 hour, default 20 s. The rest of a load that has rested so long takes two fifths of the time
    /// that requests leave. Keep it below what the Deployer waits for a node (<c>Deploying:ReadyTimeout</c>).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MostLoadRest { get; set; } = TimeSpan.FromSeconds(20);
}
