namespace Peregrine.Contracts.ApiNode.Shadows;

/// <summary>A shadow in force on a node.</summary>
public sealed record ShadowState
{
    public required string Generation { get; init; }

    public required double Share { get; init; }

    public bool Loaded { get; init; }
}
