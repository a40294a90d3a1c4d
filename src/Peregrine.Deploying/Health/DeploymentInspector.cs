using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Deployments;

namespace Peregrine.Deploying.Health;

/// <summary>Looks at a deployment's nodes now, and keeps what it saw for the board.</summary>
internal sealed class DeploymentInspector(DeploymentPlans plans, NodeObserver observer, HealthBoard board, TimeProvider time)
{
    public async Task<DeploymentHeavyStatus> InspectAsync(string deploymentId, CancellationToken cancellationToken)
    {
        var plan = await plans.GetAsync(deploymentId, cancellationToken);
        return (await InspectAsync(plan, cancellationToken)).Status;
    }

    public async Task<(DeploymentHeavyStatus Status, IReadOnlyList<NodeObservation> Observations)> InspectAsync(
        DeploymentPlan plan, CancellationToken cancellationToken)
    {
        IReadOnlyList<NodeObservation> observations = plan.Target is { } target
            ? await observer.ObserveAsync(plan.Nodes, plan.Want(target), cancellationToken)
            : [];
        var status = HealthRules.Judge(plan, observations, time.GetUtcNow().ToUnixTimeMilliseconds());
        board.Set(plan.DeploymentId, status);
        return (status, observations);
    }
}
