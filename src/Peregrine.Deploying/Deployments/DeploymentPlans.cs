using Microsoft.EntityFrameworkCore;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Infrastructures;
using Peregrine.Deploying.Store;

namespace Peregrine.Deploying.Deployments;

/// <summary>Reads plans from the store.</summary>
internal sealed class DeploymentPlans(IDbContextFactory<DeployerDbContext> contexts, NodeKeyProtector keys)
{
    public async Task<IReadOnlyList<string>> ListIdsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Deployments.Select(deployment => deployment.Id).Order().ToListAsync(cancellationToken);
    }

    /// <summary>Null when there is no such deployment.</summary>
    public async Task<DeploymentPlan?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var deployment = await db.Deployments.AsNoTracking().Include(row => row.Infra).SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (deployment is null) return null;
        var versions = await db.Versions.AsNoTracking().Where(version => version.ServiceId == deployment.ServiceId)
            .Select(version => new { version.Id, version.Digest }).ToListAsync(cancellationToken);
        var last = await db.Updates.AsNoTracking().Where(update => update.DeploymentId == id && update.Type != UpdateType.Repair)
            .OrderByDescending(update => update.StartTimestamp).FirstOrDefaultAsync(cancellationToken);
        var keyRows = await db.DeploymentKeys.AsNoTracking().Where(row => row.DeploymentId == id).Select(row => row.Key).ToListAsync(cancellationToken);
        var infra = deployment.Infra!.Settings;
        return new DeploymentPlan
        {
            DeploymentId = id,
            Settings = deployment.Settings,
            Target = deployment.Target,
            Infra = infra,
            Nodes = keys.Targets(infra),
            Digests = versions.ToDictionary(version => version.Id, version => version.Digest, StringComparer.Ordinal),
            Keys = [.. keyRows.OrderBy(key => key.CreatedOn).ThenBy(key => key.Id, StringComparer.Ordinal)],
            LastUpdate = last?.Update,
        };
    }

    public async Task<DeploymentPlan> GetAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) ?? throw Refusals.NoDeployment(id);
}
