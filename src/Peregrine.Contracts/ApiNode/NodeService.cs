using System.Text.Json.Serialization;

namespace Peregrine.Contracts.ApiNode;

/// <summary>What a node tells of one service: <c>GET /admin/api/services/{s}</c>.</summary>
public sealed record NodeService
{
    public required string ServiceId { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>Absent until a generation was switched to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NodeMapping? Mapping { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<NodeGeneration> Generations { get; init; }
}
