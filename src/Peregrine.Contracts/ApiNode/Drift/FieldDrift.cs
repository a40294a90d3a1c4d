using System.Text.Json.Serialization;

namespace Peregrine.Contracts.ApiNode.Drift;

/// <summary>One field of the record, or of the prediction.</summary>
public sealed record FieldDrift
{
    public required string Name { get; init; }

    /// <summary>NUMBER, HOUR_OF_DAY, DAY_OF_WEEK, CATEGORY or TEXT.</summary>
    public required string Kind { get; init; }

    /// <summary>How much the model leans on it: a share of 1.</summary>
    public double Importance { get; set; }

    public DriftVerdict Verdict { get; set; }

    /// <summary>Population stability index over some ten groups, missing and unseen values among them.</summary>
    public double? Psi { get; set; }

    /// <summary><see cref="Psi"/> times <see cref="Importance"/>.</summary>
    public double? WeightedScore { get; set; }

    /// <summary>KS or CHI_SQUARE.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Test { get; set; }

    /// <summary>Of the test: the largest distance of the distribution functions, or chi-square.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Statistic { get; set; }

    public double? P { get; set; }

    /// <summary>By Benjamini and Hochberg, over all features of the report.</summary>
    public double? AdjustedP { get; set; }

    /// <summary>Share of rows without a value.</summary>
    public double MissingTraining { get; set; }

    /// <inheritdoc cref="MissingTraining"/>
    public double MissingLive { get; set; }

    /// <summary>Share of rows with a category that training did not list, or a number beyond all it saw.</summary>
    public double UnseenTraining { get; set; }

    /// <inheritdoc cref="UnseenTraining"/>
    public double UnseenLive { get; set; }

    /// <summary>At most some dozen bars, to draw.</summary>
    public IReadOnlyList<DriftBar> Histogram { get; set; } = [];

    /// <summary>Only when asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FieldCounts? Counts { get; set; }
}
