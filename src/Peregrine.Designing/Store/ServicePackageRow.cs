namespace Peregrine.Designing.Store;

/// <summary>An immutable package of an API service; the archive is a blob.</summary>
public sealed class ServicePackageRow : IRevisioned
{
    public required string ProjectKey { get; init; }
    public required string ServiceId { get; init; }
    public required string Id { get; init; }
    public required string Digest { get; init; }
    public required long Size { get; init; }
    public required DateTimeOffset CreatedOn { get; init; }
    public required string CreatedBy { get; init; }
    public string? ReleaseNotes { get; init; }
    public required string SummaryJson { get; init; }
    public DateTimeOffset? PublishedOn { get; set; }
    public string? PublishedServiceId { get; set; }
    public int Revision { get; set; }
}
