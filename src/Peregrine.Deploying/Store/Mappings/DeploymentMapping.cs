using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Store.Columns;
using Peregrine.Deploying.Store.Entities;

namespace Peregrine.Deploying.Store.Mappings;

internal sealed class DeploymentMapping : IEntityTypeConfiguration<DeploymentEntity>
{
    public void Configure(EntityTypeBuilder<DeploymentEntity> builder)
    {
        builder.ToTable("deployments");
        builder.HasKey(deployment => deployment.Id);
        builder.Property(deployment => deployment.Settings).HasJson(DeployerJson.Default.DeploymentSettings);
        builder.Property(deployment => deployment.Target).HasJson(DeployerJson.Default.DeploymentSettings!);
        builder.Property(deployment => deployment.Revision).IsConcurrencyToken();
        builder.HasMany<UpdateEntity>().WithOne().HasForeignKey(update => update.DeploymentId).OnDelete(DeleteBehavior.Cascade);
    }
}
