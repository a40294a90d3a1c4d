namespace Peregrine.Designing.Datasets;

/// <summary>Some rows of a dataset, as text; a missing value is null.</summary>
public sealed record RowsPage
{
    public required IReadOnlyList<DatasetColumn> Columns { get; init; }
    public required IReadOnlyList<IReadOnlyList<string?>> Rows { get; init; }
    public required long Offset { get; init; }

    /// <summary>Rows of the whole dataset.</summary>
    public required long Total { get; init; }
}
