using Microsoft.EntityFrameworkCore;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Health;
using Peregrine.Deploying.Store;
using Peregrine.Deploying.Store.Entities;

namespace Peregrine.Deploying.Board;

/// <summary>The whole board in one answer, as last seen: it asks no node.</summary>
public sealed class BoardService
{
    private static readonly InfoMessages NotSeenYet = new([Finding.Of(DeploymentHealth.Unknown, "INFO_NOT_SEEN", "Not looked at yet",
        "The Deployer has not asked the nodes of this deployment yet.").Message]);

    private readonly IDbContextFactory<DeployerDbContext> _contexts;
    private readonly HealthBoard _seen;

    internal BoardService(IDbContextFactory<DeployerDbContext> contexts, HealthBoard seen)
    {
        _contexts = contexts;
        _seen = seen;
    }

    public async Task<DeployerBoard> GetAsync(CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var stages = await db.Stages.AsNoTracking().OrderBy(stage => stage.Position).ToListAsync(cancellationToken);
        var infras = await db.Infras.AsNoTracking().OrderBy(infra => infra.Id).ToListAsync(cancellationToken);
        var deployments = await db.Deployments.AsNoTracking().OrderBy(row => row.Id).ToListAsync(cancellationToken);
        var updates = await LastUpdatesAsync(db, cancellationToken);
        return new DeployerBoard([.. stages.Select(stage => StageOf(stage, infras, deployments, updates))]);
    }

    private static async Task<Dictionary<string, DeploymentUpdate>> LastUpdatesAsync(DeployerDbContext db, CancellationToken cancellationToken)
    {
        var asked = db.Updates.AsNoTracking().Where(update => update.Type != UpdateType.Repair);
        var last = await asked.Where(update => update.StartTimestamp == asked.Where(other => other.DeploymentId == update.DeploymentId).Max(other => other.StartTimestamp))
            .Select(update => update.Update).ToListAsync(cancellationToken);
        return last.ToDictionary(update => update.DeploymentId, StringComparer.Ordinal);
    }

    private BoardStage StageOf(
        StageEntity stage, List<InfraEntity> infras, List<DeploymentEntity> deployments, Dictionary<string, DeploymentUpdate> updates)
    {
        var here = infras.Where(infra => infra.StageId == stage.Id).ToList();
        var ids = here.Select(infra => infra.Id).ToHashSet(StringComparer.Ordinal);
        return new BoardStage
        {
            Id = stage.Id,
            Desc = stage.Desc,
            Infras = [.. here.Select(infra => infra.BasicInfo())],
            Deployments = [.. deployments.Where(row => ids.Contains(row.InfraId)).Select(row => CardOf(row, updates.GetValueOrDefault(row.Id)))],
        };
    }

    private BoardDeployment CardOf(DeploymentEntity row, DeploymentUpdate? last)
    {
        var seen = _seen.Find(row.Id);
        return new BoardDeployment
        {
            DeploymentBasicInfo = row.BasicInfo(),
            GenerationsMapping = row.Settings.GenerationsMapping,
            Health = seen?.Health ?? DeploymentHealth.Unknown,
            HealthMessages = seen?.HealthMessages ?? NotSeenYet,
            Nodes = seen?.Nodes ?? [],
            CheckedOn = seen?.CheckedOn,
            LastUpdate = last?.Summary(),
        };
    }
}
