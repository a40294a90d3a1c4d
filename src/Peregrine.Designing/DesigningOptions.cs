using System.ComponentModel.DataAnnotations;

namespace Peregrine.Designing;

/// <summary>Where a Design node keeps its state and how much it takes on. A value out of range stops the start with a message that names it.</summary>
public sealed class DesigningOptions
{
    public const string Section = "Designing";

    /// <summary>Folder of <c>design.db</c>; made when absent.</summary>
    [Required]
    public string DataDirectory { get; set; } = "";

    /// <summary>Root of the content-addressed store of dataset files, models and packages; made when absent.</summary>
    [Required]
    public string BlobDirectory { get; set; } = "";

    /// <summary>A PostgreSQL connection string; null keeps the embedded SQLite store.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Root URL of the API Deployer that packages are published to; null when there is none.</summary>
    public Uri? DeployerUrl { get; set; }

    /// <summary>API key sent to the Deployer.</summary>
    public string? DeployerKey { get; set; }

    /// <summary>Longest wait for one call to the Deployer: 1 s to 1 h, default 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan DeployerTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Largest file of an upload, in bytes: 1 kB to 64 GB, default 4 GB.</summary>
    [Range(1024L, 64L << 30)]
    public long MaxUploadBytes { get; set; } = 4L << 30;

    /// <summary>Trainings that run at the same time: 1 to 64, default 1; the others wait.</summary>
    [Range(1, 64)]
    public int MaxConcurrentTrainings { get; set; } = 1;

    /// <summary>Trainings that may wait; one more is refused with 503: 1 to 1000, default 20.</summary>
    [Range(1, 1000)]
    public int MaxQueuedTrainings { get; set; } = 20;

    /// <summary>Threads that one training uses: 1 to 64, default the machine's cores.</summary>
    [Range(1, 64)]
    public int TrainingThreads { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 64);

    /// <summary>Tables kept in memory after they were read: 0 to 64, default 2.</summary>
    [Range(0, 64)]
    public int CachedTables { get; set; } = 2;

    /// <summary>Golden records that go into a package for each prediction endpoint: 2 to 1000, default 50.</summary>
    [Range(2, 1000)]
    public int GoldenRecords { get; set; } = 50;

    /// <summary>Keys of one API service: 1 to 10,000, default 1,000; one more is refused with 409.</summary>
    [Range(1, 10_000)]
    public int MaxServiceKeys { get; set; } = 1000;

    /// <summary>How long a rotated key works beside the new one when the call does not say: 0 to 365 days, default 7 days, for the next package has to be deployed in between.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan KeyRotationOverlap { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Id of this node in <c>instance-info</c>.</summary>
    [Required]
    public string NodeId { get; set; } = "design";
}
