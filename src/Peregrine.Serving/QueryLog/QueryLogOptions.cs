using System.ComponentModel.DataAnnotations;
using Peregrine.Serving.QueryLog.Columns;
using Peregrine.Serving.QueryLog.Sinks;

namespace Peregrine.Serving.QueryLog;

/// <summary>What the query log holds and where else it goes. Whether it is on, its memory and its disk are in <see cref="ServingOptions"/>.</summary>
public sealed class QueryLogOptions
{
    public const string Section = "Serving:QueryLog";

    /// <summary>Age at which a log file is closed and the next begun, whatever its size: 1 s to 30 days, default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan FileAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Rules of the operator, asked before those of an endpoint's settings; the first that fits a column decides. Default: none.</summary>
    public IList<NodeColumnRule> Columns { get; } = [];

    /// <summary>Key of hashed columns, at least 16 characters. Nodes with the same key hash alike. Default: one made at random and kept in the data directory.</summary>
    [MinLength(16)]
    public string? HashKey { get; set; }

    /// <summary>Places beside the files that get every line. Default: none.</summary>
    public IList<SinkOptions> Sinks { get; } = [];

    /// <summary>Longest wait at a stop for sinks to take what is waiting: 0 to 5 min, default 5 s. What is left then is counted as dropped; the files have it.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
