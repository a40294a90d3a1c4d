namespace Peregrine.Packages.Manifests;

/// <summary>A key of the service. A package never holds the key itself.</summary>
public sealed record ServiceApiKey
{
    public required string Id { get; init; }
    public string? Label { get; init; }

    /// <summary>SHA-256 of the key, 64 lower-case hex digits.</summary>
    public required string Hash { get; init; }

    /// <summary>From then on the key is refused; null: never.</summary>
    public DateTimeOffset? Expiry { get; init; }

    /// <summary>The endpoints that the key opens, at least one; null: all of the service.</summary>
    public IReadOnlyList<string>? Endpoints { get; init; }
}
