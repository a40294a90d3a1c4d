using System.Text.Json.Serialization;
using Peregrine.Contracts.ApiNode;

namespace Peregrine.Contracts.Deployer;

/// <summary>One line of a deployment's history.</summary>
public record DeploymentUpdateSummary
{
    /// <summary>Milliseconds since 1970 UTC; unique within a deployment, so it is the update's id.</summary>
    public required long StartTimestamp { get; init; }

    /// <summary>Milliseconds since 1970 UTC; absent while it runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? EndTimestamp { get; init; }

    public required UpdateType Type { get; init; }

    public required UpdateStatus Status { get; init; }

    public string? Requester { get; init; }

    /// <summary>Generations that this update was to bring.</summary>
    public IReadOnlyList<string> Generations { get => field ?? []; init; }

    /// <summary>Rate limits that this update was to bring; absent: it left those of the nodes alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RateLimitRule>? RateLimits { get; init; }

    /// <summary>Shadows that this update was to bring; absent: it left those of the nodes alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ShadowShare>? Shadows { get; init; }
}
