using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Store.Columns;
using Peregrine.Deploying.Store.Entities;

namespace Peregrine.Deploying.Store.Mappings;

internal sealed class InfraMapping : IEntityTypeConfiguration<InfraEntity>
{
    public void Configure(EntityTypeBuilder<InfraEntity> builder)
    {
        builder.ToTable("infrastructures");
        builder.HasKey(infra => infra.Id);
        builder.Property(infra => infra.Settings).HasJson(DeployerJson.Default.InfraSettings);
        builder.Property(infra => infra.Revision).IsConcurrencyToken();
        builder.HasOne<StageEntity>().WithMany().HasForeignKey(infra => infra.StageId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(infra => infra.Deployments).WithOne(deployment => deployment.Infra)
            .HasForeignKey(deployment => deployment.InfraId).OnDelete(DeleteBehavior.Restrict);
    }
}
