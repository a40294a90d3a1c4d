using System.ComponentModel.DataAnnotations;

namespace Peregrine.Serving.Drift;

/// <summary>How an API node compares its traffic with the training data. A value out of range stops the start with a message that names it.</summary>
public sealed class DriftOptions
{
    public const string Section = ServingOptions.Section + ":Drift";

    /// <summary>Whether records are counted at all. Default: yes.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Sliding windows beside <c>load</c>: lengths in minutes, hours or days, one to four of them, 1m to 30d. Default: <c>1h,1d</c>. The first one is that of the
    /// metrics. A window moves in twelfths of its length.
    /// </summary>
    public string Windows { get; set; } = "1h,1d";

    /// <summary>How often counts are brought from the request path into the windows: 1 s to 10 min, default 10 s. So far a record may fall into a later twelfth.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CollectInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How old the figures on the metrics page may be: 0 to 1 h, default 30 s. They are computed when somebody reads the page.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MetricsInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Features per endpoint and generation on the metrics page, the most important ones: 0 to 1,000, default 50.</summary>
    [Range(0, 1000)]
    public int MaxMetricFeatures { get; set; } = 50;

    /// <summary>A feature counts as drifted when its adjusted p-value is at most this: 1e-9 to 0.5, default 0.01.</summary>
    [Range(1e-9, 0.5)]
    public double Alpha { get; set; } = 0.01;

    /// <summary>And when its PSI is at least this: 0 to 10, default 0.1.</summary>
    [Range(0.0, 10.0)]
    public double LeastPsi { get; set; } = 0.1;

    /// <summary>With fewer records in the window nothing counts as drifted: 1 to 1,000,000, default 100.</summary>
    [Range(1L, 1_000_000L)]
    public long LeastRows { get; set; } = 100;
}
