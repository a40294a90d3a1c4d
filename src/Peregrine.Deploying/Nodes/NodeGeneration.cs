namespace Peregrine.Deploying.Nodes;

/// <summary>A generation as a node tells of it.</summary>
public sealed record NodeGeneration
{
    public required string Generation { get; init; }

    /// <summary>SHA-256 of its package.</summary>
    public string? Digest { get; init; }

    public NodeGenerationState State { get; init; }

    /// <summary>Why it failed, else null.</summary>
    public string? Message { get; init; }
}
