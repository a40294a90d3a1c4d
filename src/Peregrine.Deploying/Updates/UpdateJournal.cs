using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Store;
using Peregrine.Deploying.Store.Entities;

namespace Peregrine.Deploying.Updates;

/// <summary>The history of updates in the store.</summary>
internal sealed class UpdateJournal(IDbContextFactory<DeployerDbContext> contexts, IOptions<DeployingOptions> options, TimeProvider time)
{
    private const int KeptRepairs = 20;

    /// <summary>Enters a running update under a timestamp that no other update of the deployment has.</summary>
    public async Task<DeploymentUpdate> BeginAsync(
        string deploymentId, UpdateType type, string? requester, DeploymentSettings wanted, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var last = await db.Updates.Where(update => update.DeploymentId == deploymentId)
            .MaxAsync(update => (long?)update.StartTimestamp, cancellationToken) ?? 0;
        var update = new DeploymentUpdate
        {
            DeploymentId = deploymentId,
            StartTimestamp = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), last + 1),
            Type = type,
            Status = UpdateStatus.Running,
            Requester = requester,
            Generations = [.. wanted.GenerationsMapping.Shares.Select(share => share.Generation)],
            RateLimits = wanted.RateLimits,
            Shadows = wanted.WantedShadows,
            Logs = new UpdateLogs([]),
            Steps = [],
            Report = InfoMessages.None,
        };
        db.Updates.Add(new UpdateEntity
        {
            DeploymentId = deploymentId, StartTimestamp = update.StartTimestamp, Type = type, Status = update.Status, Update = update, Wanted = wanted,
        });
        await db.SaveChangesAsync(cancellationToken);
        await ForgetOldAsync(db, deploymentId, cancellationToken);
        return update;
    }

    /// <summary>Writes the update as it is now; one whose deployment was deleted meanwhile is gone with it.</summary>
    public async Task SaveAsync(DeploymentUpdate update, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Updates.Where(row => row.DeploymentId == update.DeploymentId && row.StartTimestamp == update.StartTimestamp)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, update.Status).SetProperty(row => row.Update, update), cancellationToken);
    }

    public DeploymentUpdate Ended(DeploymentUpdate update, UpdateStatus status, UpdateTrace trace, InfoMessages report) => update with
    {
        Status = status, EndTimestamp = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), update.StartTimestamp),
        Logs = trace.Logs, Steps = trace.Steps, Report = report,
    };

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<DeploymentUpdate>> ListAsync(string deploymentId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Updates.AsNoTracking().Where(update => update.DeploymentId == deploymentId)
            .OrderByDescending(update => update.StartTimestamp).Select(update => update.Update).ToListAsync(cancellationToken);
    }

    /// <param name="startTimestamp">Null asks for the last one that somebody asked for.</param>
    public async Task<DeploymentUpdate?> FindAsync(string deploymentId, long? startTimestamp, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Updates.AsNoTracking()
            .Where(update => update.DeploymentId == deploymentId)
            .Where(update => startTimestamp == null ? update.Type != UpdateType.Repair : update.StartTimestamp == startTimestamp)
            .OrderByDescending(update => update.StartTimestamp).Select(update => update.Update).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>What successful updates brought, newest first.</summary>
    public async Task<IReadOnlyList<DeploymentSettings>> ListBroughtAsync(string deploymentId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Updates.AsNoTracking()
            .Where(update => update.DeploymentId == deploymentId && update.Status == UpdateStatus.Done && update.Type != UpdateType.Repair)
            .OrderByDescending(update => update.StartTimestamp).Select(update => update.Wanted).ToListAsync(cancellationToken);
    }

    /// <summary>Ends what was running when the last process stopped; nobody runs it any more.</summary>
    public async Task<int> EndInterruptedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var running = await db.Updates.Where(update => update.Status == UpdateStatus.Running).ToListAsync(cancellationToken);
        foreach (var row in running)
        {
            row.Status = UpdateStatus.Failed;
            row.Update = row.Update with
            {
                Status = UpdateStatus.Failed,
                EndTimestamp = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), row.StartTimestamp),
                Report = new InfoMessages([.. row.Update.Report.Messages, UpdateMessages.Interrupted]),
                Logs = new UpdateLogs([.. row.Update.Logs.Lines, UpdateMessages.Interrupted.Message]),
            };
        }

        await db.SaveChangesAsync(cancellationToken);
        return running.Count;
    }

    /// <summary>Repairs are counted apart, so that a node which refuses for days does not push out what people did.</summary>
    private async Task ForgetOldAsync(DeployerDbContext db, string deploymentId, CancellationToken cancellationToken)
    {
        await ForgetOldAsync(db.Updates.Where(update => update.DeploymentId == deploymentId && update.Type == UpdateType.Repair), KeptRepairs, cancellationToken);
        await ForgetOldAsync(db.Updates.Where(update => update.DeploymentId == deploymentId && update.Type != UpdateType.Repair), options.Value.KeptUpdates, cancellationToken);
    }

    private static async Task ForgetOldAsync(IQueryable<UpdateEntity> updates, int kept, CancellationToken cancellationToken)
    {
        var newestToGo = await updates.OrderByDescending(update => update.StartTimestamp).Skip(kept)
            .Select(update => (long?)update.StartTimestamp).FirstOrDefaultAsync(cancellationToken);
        if (newestToGo is not null) await updates.Where(update => update.StartTimestamp <= newestToGo).ExecuteDeleteAsync(cancellationToken);
    }
}
