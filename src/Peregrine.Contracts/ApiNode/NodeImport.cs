namespace Peregrine.Contracts.ApiNode;

/// <summary>What a node made of an imported package.</summary>
public sealed record NodeImport
{
    public bool Ok { get; init; } = true;

    /// <summary>The version id from inside the package.</summary>
    public required string Generation { get; init; }

    /// <summary>SHA-256 of the package, 64 lower-case hex digits.</summary>
    public required string Digest { get; init; }
}
