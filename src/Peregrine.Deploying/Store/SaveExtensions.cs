using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying.Store;

internal static class SaveExtensions
{
    private const int SqliteConstraint = 19;

    /// <summary>Saves; what the store's keys forbid, or what another writer did meanwhile, becomes an expected error.</summary>
    /// <param name="conflict">What a broken unique or foreign key means here.</param>
    public static async Task SaveOrRefuseAsync(
        this DeployerDbContext db, string what, Func<ApiError> conflict, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw Refusals.Moved(what);
        }
        catch (DbUpdateException cause) when (IsConstraint(cause.InnerException))
        {
            throw conflict().AsException(cause);
        }
    }

    /// <summary>Makes the save fail when the row is no longer at the revision that the caller read.</summary>
    public static void BaseOn(this DeployerDbContext db, Entities.IRevised row, int? revision)
    {
        if (revision is { } read) db.Entry(row).Property(entity => entity.Revision).OriginalValue = read;
    }

    private static bool IsConstraint(Exception? fault) => fault switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteConstraint,
        PostgresException postgres => postgres.SqlState.StartsWith("23", StringComparison.Ordinal),
        _ => false,
    };
}
