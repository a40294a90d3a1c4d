using System.Text.Json.Serialization;

namespace Peregrine.Contracts.ApiNode.Drift;

/// <summary>How the records of one endpoint and generation over one window compare with what the model was trained on.</summary>
public sealed record DriftReport
{
    public required string ServiceId { get; init; }

    public required string EndpointId { get; init; }

    public required string Generation { get; init; }

    public required DriftState State { get; init; }

    /// <summary>Such as <c>1h</c>; <c>load</c> is everything since the generation was loaded.</summary>
    public required string Window { get; init; }

    /// <summary>Begin of what is counted, milliseconds since 1970.</summary>
    public long From { get; set; }

    /// <summary>End of what is counted, milliseconds since 1970.</summary>
    public long To { get; set; }

    /// <summary>Records counted.</summary>
    public long Rows { get; set; }

    /// <summary>Rows of the training reference.</summary>
    public long TrainingRows { get; set; }

    /// <summary>Nodes whose counts are in it.</summary>
    public int Nodes { get; set; } = 1;

    /// <summary>SHA-256 of the reference, hex. Reports with the same one can be merged.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reference { get; init; }

    /// <summary>Mean PSI of the features, each weighted by its importance to the model; null while there is nothing to compare.</summary>
    public double? Score { get; set; }

    /// <summary>How many features have drifted.</summary>
    public int Drifted { get; set; }

    /// <summary>By what rule a field counts as drifted.</summary>
    public DriftRule Rule { get; set; } = new();

    /// <summary>Memory of the counts on the node, in bytes, bounded whatever the traffic.</summary>
    public long MemoryBytes { get; set; }

    /// <summary>The inputs as callers send them, those with the largest weighted score first.</summary>
    public IReadOnlyList<FieldDrift> Features { get; set; } = [];

    /// <summary>The predictions.</summary>
    public IReadOnlyList<FieldDrift> Predictions { get; set; } = [];
}
