using System.Text.Json.Serialization;

namespace Peregrine.Contracts.ApiNode.Shadows;

/// <summary>Durations, in milliseconds.</summary>
public sealed record LatencyFigures
{
    public long Count { get; init; }

    public double Mean { get; init; }

    public double P50 { get; init; }

    public double P99 { get; init; }

    /// <summary>Pairs of a bucket's upper end in microseconds and the durations in it, upwards: what percentiles of several nodes are computed from. Only with <c>counts=true</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<long>>? Buckets { get; init; }
}
