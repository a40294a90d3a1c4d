namespace Peregrine.Client;

public sealed record ServiceKeyItem
{
    public required string Id { get; init; }
    public string? Label { get; init; }

    /// <summary>The key itself: in the answer that made it, never again.</summary>
    public string? Secret { get; init; }
}
