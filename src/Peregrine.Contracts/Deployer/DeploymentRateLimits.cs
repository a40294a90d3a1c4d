namespace Peregrine.Contracts.Deployer;

/// <summary>Rate limits of a deployment as its nodes tell them, with what they have counted.</summary>
public sealed record DeploymentRateLimits
{
    public required string DeploymentId { get; init; }

    /// <summary>Those that the settings want first, in their order; then those that only nodes have.</summary>
    public required IReadOnlyList<DeploymentRateLimit> Rules { get; init; }

    /// <summary>Nodes that did not tell, and why.</summary>
    public IReadOnlyList<string> Unanswered { get => field ?? []; init; }
}
