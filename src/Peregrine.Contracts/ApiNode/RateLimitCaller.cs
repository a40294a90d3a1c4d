namespace Peregrine.Contracts.ApiNode;

/// <summary>What is left to one caller by one rule.</summary>
public sealed record RateLimitCaller
{
    /// <summary>Id of its key; null: callers without a key, or all together.</summary>
    public string? Key { get; init; }

    public required long Remaining { get; init; }

    /// <summary>Seconds until all is there again.</summary>
    public required long ResetSeconds { get; init; }
}
