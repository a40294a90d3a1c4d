namespace Peregrine.Deploying.Store.Entities;

/// <summary>The one row that says which layout the tables have.</summary>
public sealed class SchemaVersionEntity
{
    public const int OnlyId = 1;

    public int Id { get; set; } = OnlyId;

    public int Version { get; set; }
}
