using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Peregrine.Designing.Store;

/// <summary>Makes the tables on the first start and refuses a database that a newer build has written.</summary>
public sealed class DesignStore(IDbContextFactory<DesignDbContext> contexts)
{
    /// <summary>The version of the tables this build writes.</summary>
    public const int CurrentVersion = 1;

    /// <exception cref="DesignStoreException">The database belongs to a newer build, or is not ours.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var strategy = db.Database.CreateExecutionStrategy();
        await strategy.ExecuteAsync(db, OpenAsync, cancellationToken);
    }

    private static async Task OpenAsync(DesignDbContext db, CancellationToken cancellationToken)
    {
        if (db.Database.IsSqlite()) await ExecuteAsync(db, "PRAGMA journal_mode=WAL", cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // Two processes that start at once on one PostgreSQL database: the second waits here and then finds the tables.
        if (db.Database.IsNpgsql()) await ExecuteAsync(db, "SELECT pg_advisory_xact_lock(7021884213)", cancellationToken);
        if (await HasTablesAsync(db, cancellationToken))
            await CheckVersionAsync(db, cancellationToken);
        else
            await CreateAsync(db, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<bool> HasTablesAsync(DesignDbContext db, CancellationToken cancellationToken)
    {
        var sql = db.Database.IsNpgsql()
            ? "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'design' AND table_name = 'schema_version'"
            : "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'";
        var count = await ExecuteAsync(db, sql, cancellationToken);
        return Convert.ToInt64(count, CultureInfo.InvariantCulture) > 0;
    }

    private static async Task CheckVersionAsync(DesignDbContext db, CancellationToken cancellationToken)
    {
        var row = await db.SchemaVersion.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        var where = db.Database.IsNpgsql() ? "schema 'design' of the PostgreSQL database" : $"'{db.Database.GetDbConnection().DataSource}'";
        if (row is null) throw new DesignStoreException($"The design store in {where} has no version: it is damaged. Restore a backup of it.");
        if (row.Version > CurrentVersion)
            throw new DesignStoreException(
                $"The design store in {where} is of version {row.Version}, this build knows versions up to {CurrentVersion}. " +
                "Start the newer Peregrine that wrote it, or give another data directory. Nothing was changed.");
    }

    private static async Task CreateAsync(DesignDbContext db, CancellationToken cancellationToken)
    {
        await ExecuteAsync(db, db.Database.GenerateCreateScript(), cancellationToken);
        db.SchemaVersion.Add(new SchemaVersionRow { Id = 1, Version = CurrentVersion });
        await db.SaveChangesAsync(cancellationToken);
    }

    private static async Task<object?> ExecuteAsync(DesignDbContext db, string sql, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // constants, and the script that EF Core generates
            command.CommandText = sql;
#pragma warning restore CA2100
            command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
            return await command.ExecuteScalarAsync(cancellationToken);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}
