using Peregrine.Contracts.ApiNode;

namespace Peregrine.Serving.Switching;

/// <summary>A switch in two steps, as remembered in <c>service.json</c>.</summary>
internal sealed record StoredSwitch
{
    public required string Id { get; init; }

    /// <summary>What a commit puts in force; null when it was aborted before it was prepared.</summary>
    public NodeMapping? Mapping { get; init; }

    public required SwitchState State { get; init; }

    public required DateTimeOffset PreparedOn { get; init; }

    public required DateTimeOffset ExpiresOn { get; init; }

    public DateTimeOffset? EndedOn { get; init; }

    /// <summary>Whether it still waits for its second step.</summary>
    public bool IsOpen() => State == SwitchState.Prepared;

    public bool IsOverdue(DateTimeOffset now) => IsOpen() && ExpiresOn <= now;

    public StoredSwitch End(SwitchState state, DateTimeOffset now) => this with { State = state, EndedOn = now };
}
