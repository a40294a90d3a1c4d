using System.ComponentModel.DataAnnotations;
using Peregrine.Contracts.Deployer;
using Peregrine.Hosting.Tls;

namespace Peregrine.Deploying;

/// <summary>How the Deployer stores, looks and waits. A value out of range stops the start with a message that names it.</summary>
public sealed class DeployingOptions
{
    public const string Section = "Deploying";

    /// <summary>Folder of deployer.db and of uploads on their way; made when absent. Required.</summary>
    [Required(AllowEmptyStrings = false)]
    public string DataDirectory { get; set; } = "";

    /// <summary>Root of the content-addressed store of packages. Required.</summary>
    [Required(AllowEmptyStrings = false)]
    public string BlobDirectory { get; set; } = "";

    /// <summary>A PostgreSQL connection string; tables live in the schema <c>deployer</c>. Null means SQLite in <see cref="DataDirectory"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whom to trust and what to show when nodes are reached by https. Its files are read again every few minutes. Default: as the system does.</summary>
    public ClientTls NodeTls { get; set; } = ClientTls.OfTheSystem;

    /// <summary>How often nodes are compared with what is wanted: 1 s to 1 h, default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest pause between two attempts to repair a node that refuses: 1 s to 1 h, default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MaxRepairPause { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest wait for an answer of a node's admin API: 100 ms to 5 min, default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan NodeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time for one package to reach one node and be checked there: 1 s to 1 h, default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan UploadTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest wait until a node is as an update wants it: 1 s to 1 h, default 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReadyTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Nodes that are worked on at a time: 1 to 64, default 4.</summary>
    [Range(1, 64)]
    public int ParallelNodes { get; set; } = 4;

    /// <summary>Bytes that an imported archive may have, default 1 GiB.</summary>
    [Range(1024L, 64L * 1024 * 1024 * 1024)]
    public long MaxPackageBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Updates kept in the history of a deployment, default 200.</summary>
    [Range(1, 10_000)]
    public int KeptUpdates { get; set; } = 200;

    /// <summary>Keys of one deployment's service: 1 to 1,000, default 200. A node takes as many as its own option says, 1,000 by default.</summary>
    [Range(1, 1_000)]
    public int MaxKeysPerDeployment { get; set; } = 200;

    /// <summary>How long the old key works beside the new one when a rotation does not say: 0 to 365 days, default one day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan KeyRotationOverlap { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Stages of a new store, in order; an existing store keeps its own.</summary>
    [MinLength(1)]
    public IReadOnlyList<Stage> Stages { get; set; } =
    [
        new Stage { Id = "Development", Desc = "First try of a new version" },
        new Stage { Id = "Test", Desc = "Checks before production" },
        new Stage { Id = "Production", Desc = "Real callers" },
    ];
}
