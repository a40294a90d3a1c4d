using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Peregrine.Contracts.ApiNode;
using Peregrine.Deploying.Store.Columns;
using Peregrine.Deploying.Store.Entities;

namespace Peregrine.Deploying.Store.Mappings;

internal sealed class DeploymentKeyMapping : IEntityTypeConfiguration<DeploymentKeyEntity>
{
    public void Configure(EntityTypeBuilder<DeploymentKeyEntity> builder)
    {
        builder.ToTable("deployment_keys");
        builder.HasKey(key => new { key.DeploymentId, key.Id });
        builder.Property(key => key.Key).HasJson(ApiNodeJson.Default.DeployedKey);
        builder.HasOne<DeploymentEntity>().WithMany().HasForeignKey(key => key.DeploymentId).OnDelete(DeleteBehavior.Cascade);
    }
}
