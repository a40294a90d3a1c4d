using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Peregrine.Designing.Store;

internal sealed class DatasetRowMapping : IEntityTypeConfiguration<DatasetRow>
{
    public void Configure(EntityTypeBuilder<DatasetRow> builder)
    {
        builder.ToTable("datasets");
        builder.HasKey(row => new { row.ProjectKey, row.Name });
        builder.Property(row => row.Revision).IsConcurrencyToken();
    }
}
