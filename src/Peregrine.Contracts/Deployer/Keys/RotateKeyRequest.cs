namespace Peregrine.Contracts.Deployer.Keys;

/// <summary>Asks for a key in place of another, with its label and endpoints.</summary>
public sealed record RotateKeyRequest
{
    /// <summary>How long the old key works beside the new one, in seconds: 0 to ten years; null: one day.</summary>
    public long? OverlapSeconds { get; init; }

    /// <summary>Of the new key: milliseconds since 1970 UTC, in the future; null: never ends.</summary>
    public long? Expiry { get; init; }
}
