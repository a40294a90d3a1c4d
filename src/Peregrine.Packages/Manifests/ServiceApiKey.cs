namespace Peregrine.Packages.Manifests;

/// <summary>A key of the service. A package never holds the key itself.</summary>
public sealed record ServiceApiKey
{
    public required string Id { get; init; }
    public string? Label { get; init; }

    /// <summary>SHA-256 of the key, 64 lower-case hex digits.</summary>
    public required string Hash { get; init; }
}
