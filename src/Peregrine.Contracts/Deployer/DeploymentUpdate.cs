namespace Peregrine.Contracts.Deployer;

/// <summary>One update with everything it did.</summary>
public sealed record DeploymentUpdate : DeploymentUpdateSummary
{
    public required string DeploymentId { get; init; }

    /// <summary>The job that ran it; readable under futures while that is kept.</summary>
    public string? JobId { get; init; }

    public required UpdateLogs Logs { get; init; }

    public required IReadOnlyList<UpdateStep> Steps { get; init; }

    public required InfoMessages Report { get; init; }

    /// <summary>The update without its log: the line of a list.</summary>
    public DeploymentUpdateSummary Summary() => new()
    {
        StartTimestamp = StartTimestamp, EndTimestamp = EndTimestamp, Type = Type, Status = Status, Requester = Requester, Generations = Generations,
        RateLimits = RateLimits, Shadows = Shadows,
    };
}
