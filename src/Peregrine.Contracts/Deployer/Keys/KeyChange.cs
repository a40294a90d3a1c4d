using System.Text.Json.Serialization;

namespace Peregrine.Contracts.Deployer.Keys;

/// <summary>What came of making, rotating or revoking a key. It is stored in any case: a node that was out of reach gets it when it is back.</summary>
public sealed record KeyChange
{
    /// <summary>Absent when it was revoked. Its nodes tell where the change has arrived.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DeploymentKey? Details { get; init; }

    /// <summary>The key itself, told this once; absent when none was made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    /// <summary>Where the change has arrived.</summary>
    public required IReadOnlyList<NodeKeyState> Nodes { get; init; }
}
