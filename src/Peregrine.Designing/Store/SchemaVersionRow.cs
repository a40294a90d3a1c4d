namespace Peregrine.Designing.Store;

/// <summary>The one row that says which version of the tables stands in the database.</summary>
public sealed class SchemaVersionRow
{
    public required int Id { get; init; }
    public required int Version { get; set; }
}
