namespace Peregrine.Designing.ApiServices;

/// <summary>A version (package) of an API service.</summary>
public sealed record PackageSummary
{
    public required string Id { get; init; }

    /// <summary>SHA-256 of the archive.</summary>
    public required string Digest { get; init; }
    public required long Size { get; init; }
    public required DateTimeOffset CreatedOn { get; init; }
    public required string CreatedBy { get; init; }
    public string? ReleaseNotes { get; init; }
    public DateTimeOffset? PublishedOn { get; init; }
    public string? PublishedServiceId { get; init; }
    public required IReadOnlyList<PackagedEndpoint> Endpoints { get; init; }
}
