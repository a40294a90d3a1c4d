namespace Peregrine.Client;

public sealed record SchemaAnswer
{
    public IReadOnlyList<ColumnItem> Columns { get; set; } = [];
}
