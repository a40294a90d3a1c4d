using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Peregrine.Deploying.Store.Entities;

namespace Peregrine.Deploying.Store;

/// <summary>Makes the store on the first start and refuses one that a newer version wrote. Runs before anything is served.</summary>
internal sealed class DeployerStore(IDbContextFactory<DeployerDbContext> contexts, IOptions<DeployingOptions> options) : IHostedService
{
    /// <summary>Layout of the tables; a change of it comes with its upgrade.</summary>
    public const int SchemaVersion = 2;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Value.DataDirectory);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await ReadVersionAsync(db, cancellationToken) is not { } version)
            await CreateAsync(db, cancellationToken);
        else if (version > SchemaVersion)
            throw new InvalidDataException(
                $"The Deployer's store has layout {version}; this version knows layouts up to {SchemaVersion}. Start the newer version of Peregrine that wrote it.");
        else if (version < SchemaVersion)
            await DeployerUpgrades.RunAsync(db, version, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Null when there are no tables yet.</summary>
    private static async Task<int?> ReadVersionAsync(DeployerDbContext db, CancellationToken cancellationToken)
    {
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(cancellationToken)) return null;
        if (!await HasTablesAsync(db, cancellationToken)) return null;
        return await db.SchemaVersions.Select(row => (int?)row.Version).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Looks for our own tables: on PostgreSQL the database is shared with other engines.</summary>
    private static async Task<bool> HasTablesAsync(DeployerDbContext db, CancellationToken cancellationToken)
    {
        FormattableString onPostgres = $"SELECT count(*)::int AS \"Value\" FROM information_schema.tables WHERE table_schema = {DeployerDbContext.Schema} AND table_name = 'schema_version'";
        FormattableString onSqlite = $"SELECT count(*) AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'";
        var query = db.Database.IsNpgsql() ? onPostgres : onSqlite;
        return await db.Database.SqlQuery<int>(query).SingleAsync(cancellationToken) > 0;
    }

    private async Task CreateAsync(DeployerDbContext db, CancellationToken cancellationToken)
    {
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(cancellationToken)) await creator.CreateAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await creator.CreateTablesAsync(cancellationToken);
        db.SchemaVersions.Add(new SchemaVersionEntity { Version = SchemaVersion });
        db.Stages.AddRange(options.Value.Stages.Select((stage, position) => new StageEntity { Id = stage.Id, Desc = stage.Desc, Position = position }));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
