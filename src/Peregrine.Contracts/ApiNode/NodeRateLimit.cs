namespace Peregrine.Contracts.ApiNode;

/// <summary>One rule at work on a node.</summary>
public sealed record NodeRateLimit
{
    public required string Id { get; init; }

    public required long Limit { get; init; }

    public string? Unit { get; init; }

    public int? WindowSeconds { get; init; }

    public string? Period { get; init; }

    public string? Per { get; init; }

    public string? Endpoint { get; init; }

    public string? Key { get; init; }

    /// <summary>Calls that it refused since it began.</summary>
    public long Refused { get; init; }

    public IReadOnlyList<RateLimitCaller> Callers { get => field ?? []; init; }

    /// <summary>The rule without what it has counted.</summary>
    public RateLimitRule Rule() => new()
    {
        Id = Id, Limit = Limit, Unit = Unit, WindowSeconds = WindowSeconds, Period = Period, Per = Per, Endpoint = Endpoint, Key = Key,
    };
}
