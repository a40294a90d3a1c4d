namespace Peregrine.Client;

public sealed record ApiServiceItem
{
    public required string Id { get; init; }
    public string? AuthMethod { get; init; }
    public IReadOnlyList<EndpointItem> Endpoints { get; set; } = [];
}

public sealed record EndpointItem
{
    public required string Id { get; init; }
    public string? Type { get; init; }
    public string? ModelRef { get; init; }

    /// <summary>Of a lookup.</summary>
    public string? Dataset { get; init; }
}
