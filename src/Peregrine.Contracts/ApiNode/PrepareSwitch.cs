using System.Text.Json.Serialization;

namespace Peregrine.Contracts.ApiNode;

/// <summary>The first step of a switch: the body of <c>PUT /admin/api/services/{s}/switches/{id}</c>.</summary>
public sealed record PrepareSwitch
{
    public required NodeMapping Mapping { get; init; }

    /// <summary>Seconds until it expires when nobody decides; null: what the node is set to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ExpiresInSeconds { get; init; }
}
