using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Contracts.Deployer;

/// <summary>One query and its answer.</summary>
public sealed record QueryRunResult
{
    public required bool Success { get; init; }

    /// <summary>The HTTP status that the node answered.</summary>
    public required int Status { get; init; }

    public required double Milliseconds { get; init; }

    public required JsonElement Query { get; init; }

    /// <summary>The node's answer, also when it is an error object.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Answer { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }
}
