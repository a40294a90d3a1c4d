using System.ComponentModel.DataAnnotations;

namespace Peregrine.Serving.Importing;

/// <summary>Uploads in pieces. A value out of range stops the start with a message that names it.</summary>
public sealed class ImportingOptions
{
    public const string Section = "Serving:Importing";

    /// <summary>How long an upload that was not finished is kept, counted from its last byte: 1 min to 30 days, default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan PartialKept { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Unfinished uploads that one service may have; the oldest goes for a new one: 1 to 1,000, default 8.</summary>
    [Range(1, 1_000)]
    public int MostPartial { get; set; } = 8;
}
