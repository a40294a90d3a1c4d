using System.Text.Json.Serialization;

namespace Peregrine.Contracts.Deployer;

/// <summary>One thing done on one node.</summary>
public sealed record UpdateStep
{
    public required string NodeUrl { get; init; }

    public required string Name { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Generation { get; init; }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public required long StartedOn { get; init; }

    public required double Milliseconds { get; init; }

    public required bool Ok { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}
