using System.ComponentModel.DataAnnotations;

namespace Peregrine.Serving.Access;

/// <summary>Who may call, and what becomes of those who may not. A value out of range stops the start with a message that names it.</summary>
public sealed class AccessOptions
{
    public const string Section = "Serving:Access";

    /// <summary>Most keys that one service may have on this node beside those of its package: 1 to 10,000, default 1,000.</summary>
    [Range(1, 10_000)]
    public int MaxKeysPerService { get; set; } = 1_000;

    /// <summary>How long the old key stays valid beside the new one when a rotation does not say: 0 to 366 days, default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "366.00:00:00")]
    public TimeSpan RotationOverlap { get; set; } = TimeSpan.FromDays(1);
}
