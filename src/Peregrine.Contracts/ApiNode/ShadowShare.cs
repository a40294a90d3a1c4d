namespace Peregrine.Contracts.ApiNode;

/// <summary>A generation that gets copies of requests after their answers have gone.</summary>
public sealed record ShadowShare
{
    public required string Generation { get; init; }

    /// <summary>Share of requests that are copied, above 0 and at most 1; default all.</summary>
    public double Share { get; set; } = 1;
}
