using System.ComponentModel.DataAnnotations;

namespace Peregrine.Serving.Switching;

/// <summary>Switching in two steps. A value out of range stops the start with a message that names it.</summary>
public sealed class SwitchingOptions
{
    public const string Section = "Serving:Switching";

    /// <summary>How long a prepared switch waits for its commit when the call does not say: 1 s to 1 day, default 10 min. Then what it had loaded is let go.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Expiry { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest wait that a call may ask for: 1 s to 7 days, default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan LongestExpiry { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Prepared switches that one service may have at a time, each with its generations in memory: 1 to 64, default 4.</summary>
    [Range(1, 64)]
    public int MostOpen { get; set; } = 4;

    /// <summary>Ended switches that are remembered, so that a repeated commit or abort gets its answer again: 1 to 1,000, default 16.</summary>
    [Range(1, 1_000)]
    public int KeptEnded { get; set; } = 16;

    /// <summary>How often overdue switches are looked for: 10 ms to 1 h, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(1);
}
