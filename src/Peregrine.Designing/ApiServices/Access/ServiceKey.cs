namespace Peregrine.Designing.ApiServices.Access;

/// <summary>What is told of a key of an API service.</summary>
public sealed record ServiceKey(string Id, string Label, string CreatedBy, DateTimeOffset CreatedOn)
{
    /// <summary>From then on nodes refuse it; null: never.</summary>
    public DateTimeOffset? Expiry { get; init; }

    /// <summary>The endpoints that it opens; null: all.</summary>
    public IReadOnlyList<string>? Endpoints { get; init; }

    /// <summary>Id of the key that it takes the place of.</summary>
    public string? Replaces { get; init; }

    public bool IsExpired(DateTimeOffset now) => Expiry <= now;
}
