namespace Peregrine.Contracts.ApiNode.Drift;

/// <summary>When a field counts as drifted: its adjusted p-value is at most <see cref="Alpha"/> and its PSI at least <see cref="LeastPsi"/>.</summary>
public sealed record DriftRule
{
    /// <summary>Of the fields named, so large a share may be named wrongly: 0 to 1.</summary>
    public double Alpha { get; set; } = 0.01;

    public double LeastPsi { get; set; } = 0.1;

    /// <summary>With fewer records nothing is said.</summary>
    public long LeastRows { get; set; } = 100;
}
