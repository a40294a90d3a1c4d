using Microsoft.EntityFrameworkCore;
using Peregrine.Deploying.Store.Entities;

namespace Peregrine.Deploying.Store;

/// <summary>The Deployer's tables. Settings are stored as JSON documents; what is searched by has a column of its own.</summary>
public sealed class DeployerDbContext(DbContextOptions<DeployerDbContext> options) : DbContext(options)
{
    /// <summary>Schema on PostgreSQL; SQLite has none.</summary>
    public const string Schema = "deployer";

    public DbSet<SchemaVersionEntity> SchemaVersions => Set<SchemaVersionEntity>();

    public DbSet<StageEntity> Stages => Set<StageEntity>();

    public DbSet<ServiceEntity> Services => Set<ServiceEntity>();

    public DbSet<VersionEntity> Versions => Set<VersionEntity>();

    public DbSet<InfraEntity> Infras => Set<InfraEntity>();

    public DbSet<DeploymentEntity> Deployments => Set<DeploymentEntity>();

    public DbSet<UpdateEntity> Updates => Set<UpdateEntity>();

    public DbSet<DeploymentKeyEntity> DeploymentKeys => Set<DeploymentKeyEntity>();

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var entry in ChangeTracker.Entries<IRevised>().Where(entry => entry.State == EntityState.Modified))
            entry.Entity.Revision++;
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        if (Database.IsNpgsql()) modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(DeployerDbContext).Assembly);
    }
}
