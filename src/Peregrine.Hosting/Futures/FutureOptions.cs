using System.ComponentModel.DataAnnotations;

namespace Peregrine.Hosting.Futures;

/// <summary>How long the outcome of a finished job stays readable.</summary>
public sealed class FutureOptions
{
    /// <summary>How long a finished future can be read again: 1 min to 7 days, default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many finished futures are kept; past it the oldest go first. Default 1000.</summary>
    [Range(10, 100_000)]
    public int MaxFinished { get; set; } = 1000;

    /// <summary>How many of its last log lines a future keeps. Default 500.</summary>
    [Range(10, 100_000)]
    public int MaxLogLines { get; set; } = 500;
}
