using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Store.Columns;
using Peregrine.Deploying.Store.Entities;

namespace Peregrine.Deploying.Store.Mappings;

internal sealed class UpdateMapping : IEntityTypeConfiguration<UpdateEntity>
{
    public void Configure(EntityTypeBuilder<UpdateEntity> builder)
    {
        builder.ToTable("updates");
        builder.HasKey(update => new { update.DeploymentId, update.StartTimestamp });
        builder.HasIndex(update => update.Status);
        builder.Property(update => update.Type).HasConversion<string>();
        builder.Property(update => update.Status).HasConversion<string>();
        builder.Property(update => update.Update).HasJson(DeployerJson.Default.DeploymentUpdate);
        builder.Property(update => update.Wanted).HasJson(DeployerJson.Default.DeploymentSettings);
    }
}
