using Peregrine.Records;

namespace Peregrine.Datasets.Profiles;

/// <summary>What a column holds, over all rows.</summary>
public sealed record ColumnProfile
{
    public required string Name { get; init; }

    public required FieldKind Kind { get; init; }

    public required int Rows { get; init; }

    public required int Missing { get; init; }

    /// <summary>Different values; missing is none.</summary>
    public required int Distinct { get; init; }

    /// <summary>0 to 1.</summary>
    public double MissingShare => Rows == 0 ? 0 : (double)Missing / Rows;

    /// <summary>Null for text and for a column without values.</summary>
    public NumberProfile? Numbers { get; init; }

    /// <summary>The most frequent values, most frequent first, at most 20; also of numbers with few distinct values.</summary>
    public IReadOnlyList<ValueCount> Top { get; init; } = [];

    /// <summary>What the owner should know, such as that the column is empty; null when nothing.</summary>
    public string? Warning { get; init; }
}
