using System.Text.Json.Nodes;

namespace Peregrine.Client;

/// <summary>Some rows of a dataset; a cell is a JSON value, null when missing.</summary>
public sealed record RowsAnswer
{
    public IReadOnlyList<ColumnItem> Columns { get; set; } = [];
    public IReadOnlyList<IReadOnlyList<JsonNode?>> Rows { get; set; } = [];
    public long Offset { get; init; }

    /// <summary>Rows of the whole dataset.</summary>
    public long Total { get; init; }
}
