using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Peregrine.Deploying.Changes;
using Peregrine.Deploying.Health;
using Peregrine.Deploying.Nodes;
using Peregrine.Deploying.Store;
using Peregrine.Deploying.Updates;
using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying.Deployments;

/// <summary>Takes a deployment off its nodes and out of the store.</summary>
internal sealed class DeploymentRemover(
    IDbContextFactory<DeployerDbContext> contexts, DeploymentPlans plans, DeploymentLocks locks, ApiNodeClient client,
    HealthBoard board, DeployerEvents events, ILogger<DeploymentRemover> logger)
{
    public async Task DeleteAsync(string id, bool ignoreNodeErrors, CancellationToken cancellationToken)
    {
        if ((await plans.GetAsync(id, cancellationToken)).Settings.Enabled) throw StillEnabled(id);
        using (await locks.EnterAsync(id, cancellationToken))
        {
            var plan = await plans.GetAsync(id, cancellationToken);
            await CleanNodesAsync(plan, ignoreNodeErrors, cancellationToken);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await db.Deployments.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken);
        }

        board.Forget(id);
        events.Raise(DeployerChangeKind.Deployment, id);
    }

    private async Task CleanNodesAsync(DeploymentPlan plan, bool ignoreNodeErrors, CancellationToken cancellationToken)
    {
        if (plan.LastUpdate is null) return;
        foreach (var node in plan.Nodes)
        {
            try
            {
                await CleanAsync(plan, node, cancellationToken);
            }
            catch (NodeException fault) when (!ignoreNodeErrors)
            {
                throw ApiError.BadGateway(
                    $"Deployment '{plan.DeploymentId}' was not deleted: node {node.Url} could not be cleaned.",
                    $"Deployment '{plan.DeploymentId}' was not deleted: {fault.Message} Repeat with ignorePreDeleteErrors=true to forget it all the same.",
                    "PreDeleteFailed").AsException(fault);
            }
            catch (NodeException fault)
            {
                DeploymentLog.NotCleaned(logger, plan.DeploymentId, fault.Message);
            }
        }
    }

    /// <summary>Where no update ever came through, only what its preparation left goes: a service that answers there is someone else's.</summary>
    private async Task CleanAsync(DeploymentPlan plan, NodeTarget node, CancellationToken cancellationToken)
    {
        var serviceId = (plan.Target ?? plan.Settings).ServiceIdOnNodes;
        if (plan.Target is null && await client.FindServiceAsync(node, serviceId, cancellationToken) is not { Mapping: null }) return;
        await client.DeleteServiceAsync(node, serviceId, cancellationToken);
    }

    private static ApiErrorException StillEnabled(string id) => ApiError.Conflict(
        $"Deployment '{id}' is enabled.",
        $"Deployment '{id}' is enabled. Set enabled to false in its settings first, so that nothing that answers is deleted by mistake.",
        "DeploymentEnabled").AsException();
}
