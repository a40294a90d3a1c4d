namespace Peregrine.Serving.Access.Keys;

/// <summary>A key that was made on this node; all but the key itself.</summary>
internal sealed record StoredServiceKey
{
    public required string Id { get; init; }

    /// <summary>SHA-256 of the key, 64 lower-case hex digits.</summary>
    public required string Hash { get; init; }

    public required string Label { get; init; }
    public required DateTimeOffset CreatedOn { get; init; }

    /// <summary>Id of the admin key that made it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>From then on it is refused; null: never.</summary>
    public DateTimeOffset? Expiry { get; init; }

    /// <summary>The endpoints that it opens; null: all.</summary>
    public IReadOnlyList<string>? Endpoints { get; init; }

    /// <summary>Id of the key that it takes the place of.</summary>
    public string? Replaces { get; init; }

    /// <summary>Null: made on this node. <c>deployer</c>: one of those that a Deployer sets all at once.</summary>
    public string? Source { get; init; }
}
