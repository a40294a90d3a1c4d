using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Peregrine.Designing.Store;

/// <summary>The Design node's relational store: SQLite, or PostgreSQL in schema <c>design</c>.</summary>
public sealed class DesignDbContext(DbContextOptions<DesignDbContext> options) : DbContext(options)
{
    internal const string Schema = "design";

    public DbSet<ProjectRow> Projects => Set<ProjectRow>();
    public DbSet<DatasetRow> Datasets => Set<DatasetRow>();
    public DbSet<AnalysisRow> Analyses => Set<AnalysisRow>();
    public DbSet<MlTaskRow> MlTasks => Set<MlTaskRow>();
    public DbSet<TrainedModelRow> TrainedModels => Set<TrainedModelRow>();
    public DbSet<SavedModelRow> SavedModels => Set<SavedModelRow>();
    public DbSet<SavedModelVersionRow> SavedModelVersions => Set<SavedModelVersionRow>();
    public DbSet<ApiServiceRow> ApiServices => Set<ApiServiceRow>();
    public DbSet<ServicePackageRow> ServicePackages => Set<ServicePackageRow>();
    public DbSet<SchemaVersionRow> SchemaVersion => Set<SchemaVersionRow>();

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var entry in ChangeTracker.Entries<IRevisioned>())
            if (entry.State == EntityState.Modified) entry.Entity.Revision++;
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        if (Database.IsNpgsql()) modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(DesignDbContext).Assembly);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);

        // Milliseconds since 1970: they sort in every database and are what the wire carries.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        configurationBuilder.Properties<RunState>().HaveConversion<string>().HaveMaxLength(16);
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(),
        milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}
