using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Changes;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Health;
using Peregrine.Deploying.Nodes;
using Peregrine.Deploying.Updates;
using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying.Reconcile;

/// <summary>
/// Compares every deployment's nodes with its target and moves those that differ: one that came back empty, was changed behind
/// our back, or was added to the infrastructure. What it did is entered in the history.
/// </summary>
internal sealed class Reconciler(
    DeploymentPlans plans, DeploymentInspector inspector, NodeRollout rollout, DeploymentLocks locks, UpdateJournal journal,
    DeployerEvents events, TimeProvider time, IOptions<DeployingOptions> options, ILogger<Reconciler> logger)
{
    private readonly RepairPauses _pauses = new(time, options.Value.ReconcileInterval, options.Value.MaxRepairPause);

    public async Task ReconcileAllAsync(CancellationToken cancellationToken)
    {
        var ids = await plans.ListIdsAsync(cancellationToken);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.ParallelNodes, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(ids, parallel, async (id, stop) => await TryReconcileAsync(id, stop));
    }

    /// <summary>Looks at a deployment and repairs it. Leaves it alone while someone's update is at work on it.</summary>
    public async Task ReconcileAsync(string deploymentId, CancellationToken cancellationToken)
    {
        using var turn = locks.TryEnterForRepair(deploymentId, cancellationToken);
        if (turn is null || await plans.FindAsync(deploymentId, cancellationToken) is not { } plan) return;
        var (_, observations) = await inspector.InspectAsync(plan, turn.Stop);
        if (plan.Target is null) return;
        var wanted = plan.Want(plan.Target);
        var differing = observations.Where(observation => observation.Fault is null && !NodeDifference.Between(wanted, observation.Contents).IsNone)
            .Select(observation => observation.Node).Where(node => _pauses.MayTry(Key(plan, node))).ToList();
        if (differing.Count == 0) return;
        await RepairAsync(plan, wanted, differing, turn.Stop);
        await inspector.InspectAsync(deploymentId, turn.Stop);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Boundary of a background loop: one deployment's fault does not stop the others.")]
    private async Task TryReconcileAsync(string deploymentId, CancellationToken cancellationToken)
    {
        try
        {
            await ReconcileAsync(deploymentId, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            ReconcileLog.GaveWay(logger, deploymentId);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            ReconcileLog.Failed(logger, fault, deploymentId);
        }
    }

    private async Task RepairAsync(DeploymentPlan plan, WantedService wanted, IReadOnlyList<NodeTarget> nodes, CancellationToken cancellationToken)
    {
        var trace = new UpdateTrace(time);
        var update = await journal.BeginAsync(plan.DeploymentId, UpdateType.Repair, null, plan.Target!, cancellationToken);
        var messages = new List<InfoMessage>();
        try
        {
            foreach (var node in nodes)
                if (await RepairAsync(plan, wanted, node, trace, cancellationToken) is { } reason)
                    messages.Add(UpdateMessages.OfNode(node.Url, reason));
            if (messages.Count == 0) messages.Add(UpdateMessages.Done);
        }
        catch (OperationCanceledException)
        {
            messages.Add(UpdateMessages.Aborted);
            throw;
        }
        finally
        {
            var status = messages is [{ Severity: MessageSeverity.Success }] ? UpdateStatus.Done
                : cancellationToken.IsCancellationRequested ? UpdateStatus.Aborted : UpdateStatus.Failed;
            await journal.SaveAsync(journal.Ended(update, status, trace, new InfoMessages(messages)), CancellationToken.None);
            ReconcileLog.Repaired(logger, plan.DeploymentId, nodes.Count, status);
            events.Raise(DeployerChangeKind.Deployment, plan.DeploymentId);
        }
    }

    /// <returns>Why the node could not be repaired; null when it was.</returns>
    private async Task<string?> RepairAsync(DeploymentPlan plan, WantedService wanted, NodeTarget node, UpdateTrace trace, CancellationToken cancellationToken)
    {
        try
        {
            await rollout.PrepareAsync(node, wanted, switchId: null, trace, cancellationToken);
            await rollout.SwitchAsync(node, wanted, switchId: null, trace, cancellationToken);
            _pauses.Forget(Key(plan, node));
            return null;
        }
        catch (Exception fault) when (fault is NodeException or ApiErrorException)
        {
            _pauses.Failed(Key(plan, node));
            return fault.Message;
        }
    }

    private static string Key(DeploymentPlan plan, NodeTarget node) => $"{plan.DeploymentId} {node.Url}";
}
