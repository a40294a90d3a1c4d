using System.Text.Json.Serialization;

namespace Peregrine.Contracts.ApiNode;

/// <summary>What a node has of a package: <c>GET /admin/api/services/{s}/packages/{sha256}</c>.</summary>
public sealed record NodePackage
{
    /// <summary>SHA-256 of the package, 64 lower-case hex digits.</summary>
    public required string Digest { get; init; }

    public required PackagePlace Place { get; init; }

    /// <summary>Bytes that the node has: the offset at which an upload goes on.</summary>
    public required long Bytes { get; init; }

    /// <summary>The generation that it is, in this service or in another.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Generation { get; init; }
}
