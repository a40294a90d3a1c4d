using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Store.Columns;
using Peregrine.Deploying.Store.Entities;

namespace Peregrine.Deploying.Store.Mappings;

internal sealed class VersionMapping : IEntityTypeConfiguration<VersionEntity>
{
    public void Configure(EntityTypeBuilder<VersionEntity> builder)
    {
        builder.ToTable("versions");
        builder.HasKey(version => new { version.ServiceId, version.Id });
        builder.HasIndex(version => version.Digest);
        builder.Property(version => version.Version).HasJson(DeployerJson.Default.PublishedVersion);
    }
}
