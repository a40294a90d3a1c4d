using Microsoft.Extensions.Options;
using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Nodes;

namespace Peregrine.Deploying.RateLimits;

/// <summary>Rate limits of a deployment with what they have counted on its nodes.</summary>
public sealed class DeploymentLimits
{
    private readonly DeploymentPlans _plans;
    private readonly ApiNodeClient _client;
    private readonly IOptions<DeployingOptions> _options;

    internal DeploymentLimits(DeploymentPlans plans, ApiNodeClient client, IOptions<DeployingOptions> options) =>
        (_plans, _client, _options) = (plans, client, options);

    /// <summary>Asks every node now. A deployment that has not reached its nodes has only what its settings want.</summary>
    public async Task<DeploymentRateLimits> ReadAsync(string deploymentId, CancellationToken cancellationToken)
    {
        var plan = await _plans.GetAsync(deploymentId, cancellationToken);
        var told = plan.Target is null ? [] : await NodePoll.AskAsync(
            plan.Nodes, _options.Value.ParallelNodes, (node, stop) => _client.FindLimitsAsync(node, plan.Target.ServiceIdOnNodes, stop), cancellationToken);
        var wanted = (plan.Settings.RateLimits ?? []).Select(rule => rule.Normalized()).ToList();
        var byNode = told.Where(node => node.Answer is not null).SelectMany(node => node.Answer!.Rules.Select(rule => (node.Node.Url, Rule: rule))).ToList();
        var extra = byNode.Where(one => wanted.TrueForAll(rule => rule.Id != one.Rule.Id)).Select(one => one.Rule.Rule().Normalized()).DistinctBy(rule => rule.Id);
        return new DeploymentRateLimits
        {
            DeploymentId = deploymentId,
            Rules = [.. wanted.Select(rule => Describe(rule, wanted: true, byNode)), .. extra.Select(rule => Describe(rule, wanted: false, byNode))],
            Unanswered = [.. told.Where(node => node.Fault is not null).Select(node => node.Fault!.Message)],
        };
    }

    private static DeploymentRateLimit Describe(RateLimitRule rule, bool wanted, List<(string Url, NodeRateLimit Rule)> byNode)
    {
        var here = byNode.Where(one => one.Rule.Id == rule.Id).ToList();
        return new DeploymentRateLimit
        {
            Rule = rule,
            Wanted = wanted,
            Refused = here.Sum(one => one.Rule.Refused),
            Nodes = [.. here.Select(one => new NodeRateLimitCount(one.Url, one.Rule.Rule().Normalized() == rule, one.Rule.Refused, one.Rule.Callers))],
        };
    }
}
