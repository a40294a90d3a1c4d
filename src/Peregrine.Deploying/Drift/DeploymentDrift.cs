using Microsoft.Extensions.Options;
using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Nodes;
using Peregrine.Hosting.Errors;
using Peregrine.Packages.Drift;

namespace Peregrine.Deploying.Drift;

/// <summary>Drift of a deployment: asks its nodes for their counts and adds them up, as if one node had seen all requests.</summary>
public sealed class DeploymentDrift
{
    private readonly DeploymentPlans _plans;
    private readonly ApiNodeClient _client;
    private readonly IOptions<DeployingOptions> _options;

    internal DeploymentDrift(DeploymentPlans plans, ApiNodeClient client, IOptions<DeployingOptions> options) =>
        (_plans, _client, _options) = (plans, client, options);

    /// <returns>With raw counts. Nodes that could not be asked are named in it.</returns>
    /// <exception cref="ApiErrorException">There is no such deployment, it has not reached its nodes, or none of them answers.</exception>
    public async Task<DriftAnswer> ReadAsync(string deploymentId, DriftQuestion question, CancellationToken cancellationToken)
    {
        var plan = await _plans.GetAsync(deploymentId, cancellationToken);
        if (plan.Target is null)
            throw ApiError.NotFound(
                $"Deployment '{deploymentId}' has not reached its nodes yet.",
                $"Deployment '{deploymentId}' has not reached its nodes yet. Start an update first.", "NotDeployed").AsException();
        var answers = new DriftAnswer?[plan.Nodes.Count];
        var faults = new string?[plan.Nodes.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Value.ParallelNodes, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, plan.Nodes.Count, parallel, async (i, stop) =>
        {
            try
            {
                answers[i] = await _client.ReadDriftAsync(plan.Nodes[i], plan.Target.ServiceIdOnNodes, question, stop);
            }
            catch (NodeException fault)
            {
                faults[i] = fault.Message;
            }
        });
        return Merge(plan, [.. answers.OfType<DriftAnswer>()], [.. faults.OfType<string>()]);
    }

    private static DriftAnswer Merge(DeploymentPlan plan, DriftAnswer[] answers, string[] faults)
    {
        if (answers.Length == 0)
            throw ApiError.BadGateway(
                $"No node of infrastructure '{plan.Infra.Id}' tells of drift.",
                faults.Length == 0 ? $"Infrastructure '{plan.Infra.Id}' has no API nodes." : string.Join(' ', faults), "NoNodeAnswers").AsException();
        try
        {
            return DriftReports.Merge(answers) with { Unanswered = faults };
        }
        catch (ArgumentException strange)
        {
            throw ApiError.BadGateway("The nodes' counts do not fit together.", strange.Message, "NotMergeable").AsException(strange);
        }
    }
}
