namespace Peregrine.Client;

public sealed record SavedModelItem
{
    public required string Id { get; init; }
    public string? Name { get; init; }
}

public sealed record SavedModelVersionItem
{
    public required string Id { get; init; }
    public bool Active { get; init; }
}
