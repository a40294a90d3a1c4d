using System.Text.Json.Nodes;

namespace Peregrine.Designing.Datasets;

/// <summary>What the files of a dataset were found to be.</summary>
public sealed record DetectedFormat
{
    public required string FormatType { get; init; }
    public required JsonObject FormatParams { get; init; }

    /// <summary>Columns with the types asked for: text for all when types were not to be inferred.</summary>
    public required IReadOnlyList<DatasetColumn> Columns { get; init; }

    /// <summary>Columns with the types found in all rows.</summary>
    public required IReadOnlyList<DatasetColumn> InferredColumns { get; init; }
    public required long Rows { get; init; }
}
