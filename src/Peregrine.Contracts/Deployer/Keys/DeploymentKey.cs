using System.Text.Json.Serialization;

namespace Peregrine.Contracts.Deployer.Keys;

/// <summary>A key that opens the service of a deployment; never the key itself.</summary>
public sealed record DeploymentKey
{
    public required string Id { get; init; }

    public required string Label { get; init; }

    /// <summary><c>deployer</c>: on all nodes by the Deployer. <c>package</c> and <c>node</c>: found on nodes.</summary>
    public required string Source { get; init; }

    /// <summary><c>active</c> or <c>expired</c>.</summary>
    public required string State { get; init; }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CreatedOn { get; init; }

    public string? CreatedBy { get; init; }

    /// <summary>Milliseconds since 1970 UTC; null: never.</summary>
    public long? Expiry { get; init; }

    /// <summary>When any of the nodes that answered accepted it last, to the second; null: they know of no use.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>The endpoints that it opens; null: all.</summary>
    public IReadOnlyList<string>? Endpoints { get; init; }

    /// <summary>Id of the key that it takes the place of.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Replaces { get; init; }

    /// <summary>How it stands on each node of the infrastructure.</summary>
    public IReadOnlyList<NodeKeyState> Nodes { get => field ?? []; init; }
}
