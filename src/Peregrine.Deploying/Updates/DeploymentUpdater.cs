using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Changes;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Health;
using Peregrine.Deploying.Nodes;
using Peregrine.Deploying.Reconcile;
using Peregrine.Deploying.Store;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Futures;
using Peregrine.Packages;

namespace Peregrine.Deploying.Updates;

/// <summary>
/// Brings a deployment's settings to its nodes as a future. First every node gets all it needs; only when all have it are they
/// switched, so that a node which cannot follow leaves the others as they were.
/// </summary>
internal sealed class DeploymentUpdater(
    DeploymentPlans plans, UpdateJournal journal, DeploymentLocks locks, NodeRollout rollout, DeploymentInspector inspector,
    FutureRegistry futures, IDbContextFactory<DeployerDbContext> contexts, DeployerEvents events, TimeProvider time,
    IOptions<DeployingOptions> options, ILogger<DeploymentUpdater> logger)
{
    private readonly ConcurrentDictionary<string, long> _running = new(StringComparer.Ordinal);

    public async Task<Future> StartAsync(UpdateRequest request, CancellationToken cancellationToken)
    {
        var plan = await plans.GetAsync(request.DeploymentId, cancellationToken);
        UpdateRules.Check(plan);
        if (!_running.TryAdd(plan.DeploymentId, 0)) throw Busy(plan.DeploymentId);
        try
        {
            var update = await journal.BeginAsync(plan.DeploymentId, request.Type, request.Requester, plan.Settings, cancellationToken);
            events.Raise(DeployerChangeKind.Deployment, plan.DeploymentId);
            return futures.Start(
                new FutureRequest($"Update of deployment '{plan.DeploymentId}'", request.Requester),
                (scope, stop) => RunAsync(plan, update with { JobId = scope.FutureId }, scope, stop), DeployerJson.Default.UpdateResult);
        }
        catch
        {
            _running.TryRemove(plan.DeploymentId, out _);
            throw;
        }
    }

    private async Task<UpdateResult> RunAsync(DeploymentPlan plan, DeploymentUpdate update, FutureScope scope, CancellationToken cancellationToken)
    {
        try
        {
            var ended = await BringAndEndAsync(plan, update, scope, cancellationToken);
            var status = await inspector.InspectAsync(update.DeploymentId, cancellationToken);
            return new UpdateResult
            {
                DeploymentId = ended.DeploymentId, StartTimestamp = ended.StartTimestamp, Status = ended.Status,
                Health = status.Health, Report = ended.Report,
            };
        }
        finally
        {
            _running.TryRemove(plan.DeploymentId, out _);
            events.Raise(DeployerChangeKind.Deployment, plan.DeploymentId);
        }
    }

    /// <summary>However the work ends, the history says so.</summary>
    private async Task<DeploymentUpdate> BringAndEndAsync(DeploymentPlan plan, DeploymentUpdate update, FutureScope scope, CancellationToken cancellationToken)
    {
        var trace = new UpdateTrace(time, scope.Log);
        var ended = journal.Ended(update, UpdateStatus.Failed, trace, new InfoMessages([UpdateMessages.Fault]));
        try
        {
            using var turn = await locks.EnterAsync(plan.DeploymentId, cancellationToken);
            await journal.SaveAsync(update, cancellationToken);
            var now = await plans.GetAsync(plan.DeploymentId, cancellationToken); // nodes, keys and target may have moved while waiting
            return ended = await BringAsync(now with { Settings = plan.Settings }, update, trace, scope, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            ended = journal.Ended(update, UpdateStatus.Aborted, trace, new InfoMessages([UpdateMessages.Aborted]));
            throw;
        }
        finally
        {
            await journal.SaveAsync(ended, CancellationToken.None);
            UpdateLog.Ended(logger, ended.DeploymentId, ended.Type, ended.Status, (ended.EndTimestamp ?? 0) - ended.StartTimestamp);
        }
    }

    private async Task<DeploymentUpdate> BringAsync(
        DeploymentPlan plan, DeploymentUpdate update, UpdateTrace trace, FutureScope scope, CancellationToken cancellationToken)
    {
        var wanted = plan.Want(plan.Settings);
        trace.Line($"Bringing {string.Join(", ", update.Generations)} of service '{wanted.ServiceId}' to {plan.Nodes.Count} node(s).");
        scope.Advance(0.1, "Preparing the nodes");
        var switchId = wanted.Enabled && plan.Nodes.Count > 1 ? SwitchIdOf(update) : null;
        var failures = await PrepareAsync(plan, wanted, switchId, trace, cancellationToken);
        if (failures.Count > 0) return Failed(update, trace, failures, UpdateMessages.Untouched);

        await CommitTargetAsync(plan, cancellationToken);
        scope.Advance(0.7, "Switching the nodes");
        failures = await OnEachNodeAsync(plan.Nodes, (node, stop) => rollout.SwitchAsync(node, wanted, switchId, trace, stop), cancellationToken);
        if (failures.Count > 0) return Failed(update, trace, failures, UpdateMessages.BeingRepaired);

        scope.Advance(0.95, "Tidying up");
        await RemoveFormerAsync(plan, wanted.ServiceId, trace, cancellationToken);
        trace.Line("Every node is as wanted.");
        return journal.Ended(update, UpdateStatus.Done, trace, new InfoMessages([UpdateMessages.Done]));
    }

    /// <summary>Prepares every node. When one cannot, or the update is aborted, the others give up what they prepared.</summary>
    private async Task<IReadOnlyList<(NodeTarget Node, string Reason)>> PrepareAsync(
        DeploymentPlan plan, WantedService wanted, string? switchId, UpdateTrace trace, CancellationToken cancellationToken)
    {
        var prepared = false;
        try
        {
            var failures = await OnEachNodeAsync(plan.Nodes, (node, stop) => rollout.PrepareAsync(node, wanted, switchId, trace, stop), cancellationToken);
            prepared = failures.Count == 0;
            return failures;
        }
        finally
        {
            // Not cancelled by the abort that may have brought us here; each call has its own time limit.
            if (!prepared && switchId is not null)
                await OnEachNodeAsync(plan.Nodes, (node, stop) => rollout.AbortAsync(node, wanted, switchId, trace, stop), CancellationToken.None);
        }
    }

    /// <summary>One id for all nodes of an update; no other update of the deployment has it.</summary>
    private static string SwitchIdOf(DeploymentUpdate update)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"u{update.StartTimestamp}-{update.DeploymentId}");
        return id.Length <= PackageIds.MaxLength ? id : id[..PackageIds.MaxLength];
    }

    private DeploymentUpdate Failed(
        DeploymentUpdate update, UpdateTrace trace, IReadOnlyList<(NodeTarget Node, string Reason)> failures, InfoMessage consequence)
    {
        trace.Line($"Failed on {failures.Count} node(s). {consequence.Message}");
        return journal.Ended(update, UpdateStatus.Failed, trace,
            new InfoMessages([.. failures.Select(failure => UpdateMessages.OfNode(failure.Node.Url, failure.Reason)), consequence]));
    }

    private async Task<IReadOnlyList<(NodeTarget Node, string Reason)>> OnEachNodeAsync(
        IReadOnlyList<NodeTarget> nodes, Func<NodeTarget, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var reasons = new string?[nodes.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.ParallelNodes, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, nodes.Count, parallel, async (i, stop) => reasons[i] = await ReasonAsync(() => work(nodes[i], stop)));
        return [.. nodes.Zip(reasons).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!))];
    }

    /// <returns>Why it failed; null when it did not.</returns>
    private static async Task<string?> ReasonAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (NodeException fault)
        {
            return fault.Message;
        }
        catch (ApiErrorException fault)
        {
            return fault.Message;
        }
    }

    private async Task CommitTargetAsync(DeploymentPlan plan, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Deployments.Where(row => row.Id == plan.DeploymentId)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Target, plan.Settings), cancellationToken);
    }

    /// <summary>When the id on the nodes changed, the service under the former id goes. A node that keeps it is only noted.</summary>
    private async Task RemoveFormerAsync(DeploymentPlan plan, string serviceId, UpdateTrace trace, CancellationToken cancellationToken)
    {
        if (plan.Target?.ServiceIdOnNodes is not { } former || former == serviceId) return;
        await OnEachNodeAsync(plan.Nodes, (node, stop) => rollout.RemoveAsync(node, former, trace, stop), cancellationToken);
    }

    private static ApiErrorException Busy(string deploymentId) => ApiError.Conflict(
        $"An update of deployment '{deploymentId}' is running.",
        $"An update of deployment '{deploymentId}' is running. Wait for its end, or abort its job, then start again.", "UpdateRunning").AsException();
}
