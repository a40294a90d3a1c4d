using System.Text.Json.Serialization;

namespace Peregrine.Contracts.ApiNode;

/// <summary>One line of a node's list of services.</summary>
public sealed record NodeServiceSummary
{
    public required string ServiceId { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>Absent until a generation was switched to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NodeMapping? Mapping { get; init; }
}
