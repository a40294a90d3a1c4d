using System.Text.Json.Serialization;

namespace Peregrine.Contracts.Deployer.Keys;

/// <summary>A key on one node.</summary>
public sealed record NodeKeyState
{
    public required string Url { get; init; }

    /// <summary>True: as it should be. False: absent or different there. Null: the node was not asked, or did not answer.</summary>
    public bool? Present { get; init; }

    /// <summary>Why it is not as it should be, or cannot be told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}
