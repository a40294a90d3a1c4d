namespace Peregrine.Contracts.Deployer.Keys;

/// <summary>Asks for a key of a deployment's service.</summary>
public sealed record NewKeyRequest
{
    /// <summary>What it is for, such as the caller's name.</summary>
    public string? Label { get; init; }

    /// <summary>Milliseconds since 1970 UTC, in the future; null: never ends.</summary>
    public long? Expiry { get; init; }

    /// <summary>The endpoints that it opens; null: all.</summary>
    public IReadOnlyList<string>? Endpoints { get; init; }
}
