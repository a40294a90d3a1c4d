namespace Peregrine.Client;

public sealed record ProjectItem
{
    public required string ProjectKey { get; init; }
    public string? Name { get; init; }
    public string? OwnerLogin { get; init; }
}
