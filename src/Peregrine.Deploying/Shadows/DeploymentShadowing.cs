using Microsoft.Extensions.Options;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Nodes;

namespace Peregrine.Deploying.Shadows;

/// <summary>Shadows of a deployment: asks its nodes how they compare and adds that up, as if one node had seen all requests.</summary>
public sealed class DeploymentShadowing
{
    private readonly DeploymentPlans _plans;
    private readonly ApiNodeClient _client;
    private readonly IOptions<DeployingOptions> _options;

    internal DeploymentShadowing(DeploymentPlans plans, ApiNodeClient client, IOptions<DeployingOptions> options) =>
        (_plans, _client, _options) = (plans, client, options);

    /// <summary>Asks every node now. A deployment that has not reached its nodes has nothing to compare.</summary>
    public async Task<DeploymentShadows> ReadAsync(string deploymentId, CancellationToken cancellationToken)
    {
        var plan = await _plans.GetAsync(deploymentId, cancellationToken);
        var told = plan.Target is null ? [] : await NodePoll.AskAsync(
            plan.Nodes, _options.Value.ParallelNodes, (node, stop) => _client.FindShadowsAsync(node, plan.Target.ServiceIdOnNodes, stop), cancellationToken);
        var reports = told.Where(node => node.Answer is not null).Select(node => (node.Node.Url, Report: node.Answer!)).ToList();
        return new DeploymentShadows
        {
            DeploymentId = deploymentId,
            Nodes = [.. reports.Select(node => new NodeShadows(node.Url, node.Report.Shadows, node.Report.Queue))],
            Comparisons = ShadowReports.Merge([.. reports.Select(node => node.Report)]),
            Unanswered = [.. told.Where(node => node.Fault is not null).Select(node => node.Fault!.Message)],
        };
    }
}
