namespace Peregrine.Contracts.Deployer;

public sealed record InfoMessage
{
    public required MessageSeverity Severity { get; init; }

    public bool IsFatal { get; init; }

    /// <summary>Stable, for programs: such as <c>ERR_NODE_UNREACHABLE</c>.</summary>
    public required string Code { get; init; }

    public required string Title { get; init; }

    /// <summary>What, where and what to do.</summary>
    public required string Message { get; init; }

    public string Details { get => field ?? ""; init; }
}
