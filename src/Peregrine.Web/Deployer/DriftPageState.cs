using Peregrine.Contracts.ApiNode.Drift;

namespace Peregrine.Web.Deployer;

/// <summary>A deployment, and what its nodes have seen.</summary>
public sealed record DriftPageState(DeploymentState Deployment, DriftAnswer Drift)
{
    /// <summary>What can be chosen, the nodes' own choice first.</summary>
    public IReadOnlyList<string> Windows => [.. Drift.Reports.Select(report => report.Window).Concat(["1h", "1d", "load"]).Distinct(StringComparer.Ordinal)];
}
