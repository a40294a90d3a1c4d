using System.Text.Json;

namespace Peregrine.Packages.Manifests;

public sealed record EndpointManifest
{
    public required string Id { get; init; }

    /// <summary>Id of an endpoint kind, such as <c>STD_PREDICTION</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>An object that the kind understands.</summary>
    public required JsonElement Settings { get; init; }
}
