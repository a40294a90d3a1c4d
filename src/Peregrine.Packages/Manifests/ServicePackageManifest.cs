namespace Peregrine.Packages.Manifests;

/// <summary><c>manifest.json</c>: what a package holds and how the service is to be served.</summary>
public sealed record ServicePackageManifest
{
    public const int CurrentFormat = 1;

    public required int FormatVersion { get; init; }
    public required string ServiceId { get; init; }

    /// <summary>Id of the version, which is the tag of its generation on a node.</summary>
    public required string VersionId { get; init; }

    public required DateTimeOffset CreatedOn { get; init; }
    public string? ReleaseNotes { get; init; }
    public required ServiceAuthorization Authorization { get; init; }
    public required IReadOnlyList<EndpointManifest> Endpoints { get; init; }

    /// <summary>Every entry of the archive but the manifest itself, by path.</summary>
    public required IReadOnlyDictionary<string, EntryManifest> Entries { get; init; }
}
