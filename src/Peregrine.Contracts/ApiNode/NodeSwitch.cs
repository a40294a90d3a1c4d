using System.Text.Json.Serialization;

namespace Peregrine.Contracts.ApiNode;

/// <summary>A switch in two steps as a node tells of it.</summary>
public sealed record NodeSwitch
{
    /// <summary>Chosen by who prepared it; the same on every node that takes part.</summary>
    public required string Id { get; init; }

    public required string ServiceId { get; init; }

    public required SwitchState State { get; init; }

    /// <summary>Whether a commit needs no more work: every generation of the mapping is loaded. False after a restart that could not load one.</summary>
    public required bool Ready { get; init; }

    /// <summary>The mapping that a commit puts in force. Absent when the switch was aborted before it was prepared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NodeMapping? Mapping { get; init; }

    /// <summary>In milliseconds since 1970.</summary>
    public required long PreparedOn { get; init; }

    /// <summary>When it expires unless it was decided before, in milliseconds since 1970.</summary>
    public required long ExpiresOn { get; init; }

    /// <summary>When it was committed, aborted or found expired, in milliseconds since 1970.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? EndedOn { get; init; }

    /// <summary>Why it is not ready.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}
