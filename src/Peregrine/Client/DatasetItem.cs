namespace Peregrine.Client;

public sealed record DatasetItem
{
    public required string Name { get; init; }
    public string? Type { get; init; }
    public SchemaAnswer Schema { get; set; } = new();
}
