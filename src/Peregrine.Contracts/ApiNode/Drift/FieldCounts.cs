namespace Peregrine.Contracts.ApiNode.Drift;

/// <summary>
/// What a field's figures are computed from. Reports of the same reference are merged by adding <see cref="Live"/> cell by cell: the sum is what one node
/// would hold that had seen all records.
/// </summary>
public sealed record FieldCounts
{
    /// <summary>Numbers: cell i holds (edge i - 1, edge i]; one more cell is above the last edge.</summary>
    public IReadOnlyList<double> Edges { get; set; } = [];

    /// <summary>Categories that have a cell of their own; behind these stand <c>other</c> and <c>unseen</c>.</summary>
    public IReadOnlyList<string> Values { get; set; } = [];

    /// <summary>Rows per cell; the last cell is for missing values.</summary>
    public required IReadOnlyList<long> Training { get; init; }

    /// <summary>As <see cref="Training"/>, of live records.</summary>
    public required IReadOnlyList<long> Live { get; init; }
}
