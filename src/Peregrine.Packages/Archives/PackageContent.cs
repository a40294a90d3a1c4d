using Peregrine.Packages.Kinds;
using Peregrine.Packages.Manifests;

namespace Peregrine.Packages.Archives;

/// <summary>All that goes into a package.</summary>
public sealed record PackageContent
{
    public required string ServiceId { get; init; }
    public required string VersionId { get; init; }

    /// <summary>Part of the content: packages made at different times differ.</summary>
    public required DateTimeOffset CreatedOn { get; init; }

    public string? ReleaseNotes { get; init; }
    public required ServiceAuthorization Authorization { get; init; }
    public required IReadOnlyList<EndpointSource> Endpoints { get; init; }
}
