namespace Peregrine.Contracts.Deployer;

/// <summary>What came back of the queries that were run on a deployment.</summary>
public sealed record QueryRunReport
{
    public required string DeploymentId { get; init; }

    public required string EndpointId { get; init; }

    /// <summary>The node that was asked.</summary>
    public required string NodeUrl { get; init; }

    /// <summary>True when every query was answered with a 2xx status.</summary>
    public required bool Success { get; init; }

    public required IReadOnlyList<QueryRunResult> Results { get; init; }
}
