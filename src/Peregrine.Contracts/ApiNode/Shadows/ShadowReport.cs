namespace Peregrine.Contracts.ApiNode.Shadows;

/// <summary>How the shadows of a service compare with what callers got, on one node or merged over several: <c>GET /admin/api/services/{s}/shadows?counts=true</c>.</summary>
public sealed record ShadowReport
{
    public required string ServiceId { get; init; }

    /// <summary>The shadows in force.</summary>
    public IReadOnlyList<ShadowState> Shadows { get => field ?? []; init; }

    public ShadowBacklog? Queue { get; init; }

    public IReadOnlyList<ShadowComparisonReport> Comparisons { get => field ?? []; init; }
}
