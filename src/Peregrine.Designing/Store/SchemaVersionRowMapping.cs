using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Peregrine.Designing.Store;

internal sealed class SchemaVersionRowMapping : IEntityTypeConfiguration<SchemaVersionRow>
{
    public void Configure(EntityTypeBuilder<SchemaVersionRow> builder)
    {
        builder.ToTable("schema_version");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
    }
}
