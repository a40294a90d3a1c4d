using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Hosting.Futures;

/// <summary>A future as the wire shows it: <c>jobId</c> and <c>hasResult</c> are always there, <c>result</c> only when there is one.</summary>
public sealed record FutureState
{
    public required string JobId { get; init; }

    public required bool HasResult { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Result { get; init; }

    /// <summary>RUNNING, DONE, FAILED or ABORTED.</summary>
    public required string Status { get; init; }

    public required bool Alive { get; init; }

    public required bool Aborted { get; init; }

    public required string DisplayName { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Owner { get; init; }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public required long StartTime { get; init; }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? EndTime { get; init; }

    public required FutureProgress Progress { get; init; }

    public static FutureState Of(Future future, bool withResult = true) => new()
    {
        JobId = future.Id,
        HasResult = future.HasResult,
        Result = withResult ? future.Result : null,
        Status = future.Status.ToString().ToUpperInvariant(),
        Alive = !future.HasResult,
        Aborted = future.Status == FutureStatus.Aborted,
        DisplayName = future.Request.DisplayName,
        Owner = future.Request.Owner,
        StartTime = future.StartedAt.ToUnixTimeMilliseconds(),
        EndTime = future.EndedAt?.ToUnixTimeMilliseconds(),
        Progress = future.Progress,
    };
}
