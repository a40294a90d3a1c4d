using Microsoft.EntityFrameworkCore;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Changes;
using Peregrine.Deploying.Store;
using Peregrine.Deploying.Store.Entities;
using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying.Stages;

/// <summary>The stages of the board, in their order.</summary>
public sealed class StageService
{
    private readonly IDbContextFactory<DeployerDbContext> _contexts;
    private readonly DeployerEvents _events;

    internal StageService(IDbContextFactory<DeployerDbContext> contexts, DeployerEvents events)
    {
        _contexts = contexts;
        _events = events;
    }

    public async Task<IReadOnlyList<Stage>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return await db.Stages.AsNoTracking().OrderBy(stage => stage.Position)
            .Select(stage => new Stage { Id = stage.Id, Desc = stage.Desc }).ToListAsync(cancellationToken);
    }

    /// <summary>Replaces the list as a whole; a stage that holds an infrastructure cannot go.</summary>
    public async Task ReplaceAsync(IReadOnlyList<Stage> stages, CancellationToken cancellationToken)
    {
        Check(stages);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Stages.ToDictionaryAsync(stage => stage.Id, cancellationToken);
        var kept = stages.Select(stage => stage.Id).ToHashSet(StringComparer.Ordinal);
        db.Stages.RemoveRange(rows.Values.Where(row => !kept.Contains(row.Id)));
        foreach (var (stage, position) in stages.Select((stage, position) => (stage, position)))
            Put(db, rows, stage, position);
        await db.SaveOrRefuseAsync("The list of stages", InUse, cancellationToken);
        _events.Raise(DeployerChangeKind.Stages, string.Empty);
    }

    private static void Check(IReadOnlyList<Stage> stages)
    {
        if (stages.Count == 0)
            throw Refusals.Invalid("The list of stages", [new ApiErrorItem("", "Empty", "Name at least one stage.")]);
        foreach (var stage in stages) Ids.Check(stage.Id, "id");
        if (stages.Select(stage => stage.Id).Distinct(StringComparer.Ordinal).Count() != stages.Count)
            throw Refusals.Invalid("The list of stages", [new ApiErrorItem("", "Duplicate", "A stage stands twice.")]);
    }

    private static void Put(DeployerDbContext db, Dictionary<string, StageEntity> rows, Stage stage, int position)
    {
        if (rows.TryGetValue(stage.Id, out var row))
            (row.Desc, row.Position) = (stage.Desc, position);
        else
            db.Stages.Add(new StageEntity { Id = stage.Id, Desc = stage.Desc, Position = position });
    }

    private static ApiError InUse() => ApiError.Conflict(
        "A stage that holds an infrastructure cannot be removed.",
        "A stage that holds an infrastructure cannot be removed. Move or delete its infrastructures first.", "StageInUse");
}
