namespace Peregrine.Serving.Generations;

/// <summary>A package on the node's disk, as remembered.</summary>
internal sealed record StoredGeneration
{
    public required string Id { get; init; }

    /// <summary>SHA-256 of the archive: what is loaded must still have it.</summary>
    public required string Digest { get; init; }

    public required long Bytes { get; init; }

    public required DateTimeOffset CreatedOn { get; init; }

    public required DateTimeOffset ImportedOn { get; init; }
}
