using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Store.Columns;
using Peregrine.Deploying.Store.Entities;

namespace Peregrine.Deploying.Store.Mappings;

internal sealed class ServiceMapping : IEntityTypeConfiguration<ServiceEntity>
{
    public void Configure(EntityTypeBuilder<ServiceEntity> builder)
    {
        builder.ToTable("services");
        builder.HasKey(service => service.Id);
        builder.Property(service => service.Settings).HasJson(DeployerJson.Default.ServiceSettings);
        builder.Property(service => service.Revision).IsConcurrencyToken();
        builder.HasMany(service => service.Versions).WithOne().HasForeignKey(version => version.ServiceId).OnDelete(DeleteBehavior.Cascade);
        builder.HasMany(service => service.Deployments).WithOne().HasForeignKey(deployment => deployment.ServiceId).OnDelete(DeleteBehavior.Restrict);
    }
}
