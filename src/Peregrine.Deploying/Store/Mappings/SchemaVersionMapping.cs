using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Store.Columns;
using Peregrine.Deploying.Store.Entities;

namespace Peregrine.Deploying.Store.Mappings;

internal sealed class SchemaVersionMapping : IEntityTypeConfiguration<SchemaVersionEntity>
{
    public void Configure(EntityTypeBuilder<SchemaVersionEntity> builder)
    {
        builder.ToTable("schema_version");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
    }
}
