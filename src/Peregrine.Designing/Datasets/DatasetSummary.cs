namespace Peregrine.Designing.Datasets;

/// <summary>A dataset in a list.</summary>
public sealed record DatasetSummary
{
    public required string ProjectKey { get; init; }
    public required string Name { get; init; }
    public required string Type { get; init; }

    /// <summary>Empty until the schema was detected or given.</summary>
    public required IReadOnlyList<DatasetColumn> Columns { get; init; }
    public required IReadOnlyList<string> Tags { get; init; }
    public required int Files { get; init; }
    public required long Bytes { get; init; }

    /// <summary>Null until the content was read whole.</summary>
    public required long? RowCount { get; init; }
    public required DateTimeOffset CreatedOn { get; init; }
    public required DateTimeOffset ChangedOn { get; init; }
    public required string ChangedBy { get; init; }
}
