namespace Peregrine.Hosting.Authentication;

/// <summary>What is stored of an admin key: all but the key itself.</summary>
public sealed record AdminKey
{
    public required string Id { get; init; }

    /// <summary>SHA-256 of the key, 64 lower-case hex digits.</summary>
    public required string Hash { get; init; }

    public required string Label { get; init; }
    public string? Description { get; init; }
    public string? CreatedBy { get; init; }
    public required DateTimeOffset CreatedOn { get; init; }

    /// <summary>From then on the key is refused; null: never.</summary>
    public DateTimeOffset? Expiry { get; init; }

    /// <summary>Absent in files from before there were roles: then it may do everything, as it could.</summary>
    public AdminRole Role { get; init; }

    public bool IsExpired(DateTimeOffset now) => Expiry <= now;
}
