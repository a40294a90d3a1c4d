namespace Peregrine.Contracts.ApiNode.Shadows;

/// <summary>Copies of requests that were not scored.</summary>
public sealed record ShadowDrops
{
    /// <summary>Because too many waited.</summary>
    public long QueueFull { get; init; }

    /// <summary>Because their generation was let go meanwhile.</summary>
    public long Released { get; init; }
}
