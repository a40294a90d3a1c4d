using Microsoft.EntityFrameworkCore;

namespace Peregrine.Deploying.Store;

/// <summary>Brings the tables of an earlier version to the present layout, all or nothing.</summary>
internal static class DeployerUpgrades
{
    /// <param name="from">1 to one less than <see cref="DeployerStore.SchemaVersion"/>.</param>
    public static async Task RunAsync(DeployerDbContext db, int from, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (from < 2) await db.Database.ExecuteSqlRawAsync(db.Database.IsNpgsql() ? AddKeysOnPostgres : AddKeysOnSqlite, cancellationToken);
        await db.SchemaVersions.ExecuteUpdateAsync(set => set.SetProperty(row => row.Version, DeployerStore.SchemaVersion), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private const string KeyColumns = """
        ("DeploymentId" TEXT NOT NULL, "Id" TEXT NOT NULL, "Key" TEXT NOT NULL, CONSTRAINT "PK_deployment_keys" PRIMARY KEY ("DeploymentId", "Id"),
        CONSTRAINT "FK_deployment_keys_deployments_DeploymentId" FOREIGN KEY ("DeploymentId") REFERENCES
        """;

    private const string AddKeysOnPostgres = $"""CREATE TABLE {DeployerDbContext.Schema}.deployment_keys {KeyColumns} {DeployerDbContext.Schema}.deployments ("Id") ON DELETE CASCADE)""";

    private const string AddKeysOnSqlite = $"""CREATE TABLE deployment_keys {KeyColumns} deployments ("Id") ON DELETE CASCADE)""";
}
