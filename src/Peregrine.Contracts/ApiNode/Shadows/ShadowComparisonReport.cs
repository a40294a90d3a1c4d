namespace Peregrine.Contracts.ApiNode.Shadows;

/// <summary>What became of the copies that one shadow got of one endpoint's answers by one generation.</summary>
public sealed record ShadowComparisonReport
{
    public required string EndpointId { get; init; }

    /// <summary>The generation whose answers callers got.</summary>
    public required string Primary { get; init; }

    public required string Shadow { get; init; }

    /// <summary>Records that both have answered.</summary>
    public long Records { get; init; }

    public long Agreed { get; init; }

    /// <summary>Share of records on which both agree, 0 to 1; null: there are none.</summary>
    public double? Agreement { get; init; }

    /// <summary>Records whose predicted class differs.</summary>
    public long Flips { get; init; }

    /// <summary>Most frequent first.</summary>
    public IReadOnlyList<ShadowFlip> FlipPairs { get => field ?? []; init; }

    /// <summary>Records that one ignored and the other did not.</summary>
    public long IgnoredDiffer { get; init; }

    /// <summary>Records that the shadow could not take.</summary>
    public long Failed { get; init; }

    public string? LastFailure { get; init; }

    public required ShadowDistance ScoreDistance { get; init; }

    public required ShadowLatencies LatencyMs { get; init; }
}
