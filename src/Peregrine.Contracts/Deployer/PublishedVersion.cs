namespace Peregrine.Contracts.Deployer;

/// <summary>One immutable version of a published service.</summary>
public sealed record PublishedVersion
{
    public required string Id { get; init; }

    /// <summary>When the package was made: milliseconds since 1970 UTC.</summary>
    public required long CreatedOn { get; init; }

    /// <summary>When it came to the Deployer: milliseconds since 1970 UTC.</summary>
    public required long PublishedOn { get; init; }

    public string? PublishedBy { get; init; }

    public string? ReleaseNotes { get; init; }

    /// <summary>SHA-256 of the archive, hexadecimal.</summary>
    public required string Digest { get; init; }

    /// <summary>Bytes of the archive.</summary>
    public required long Size { get; init; }

    public required IReadOnlyList<PublishedEndpoint> Endpoints { get; init; }
}
