namespace Peregrine.Contracts.ApiNode;

/// <summary>A key that a Deployer gives to the nodes of a service: its hash, never the key.</summary>
public sealed record DeployedKey
{
    public required string Id { get; init; }

    /// <summary>SHA-256 of the key, 64 lower-case hex digits.</summary>
    public required string Hash { get; init; }

    public required string Label { get; init; }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public required long CreatedOn { get; init; }

    /// <summary>Who made it on the Deployer.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Milliseconds since 1970 UTC; null: never.</summary>
    public long? Expiry { get; init; }

    /// <summary>The endpoints that it opens, at least one; null: all.</summary>
    public IReadOnlyList<string>? Endpoints { get; init; }

    /// <summary>Id of the key that it takes the place of.</summary>
    public string? Replaces { get; init; }
}
