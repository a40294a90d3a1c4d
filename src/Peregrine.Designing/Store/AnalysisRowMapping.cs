using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Peregrine.Designing.Store;

internal sealed class AnalysisRowMapping : IEntityTypeConfiguration<AnalysisRow>
{
    public void Configure(EntityTypeBuilder<AnalysisRow> builder)
    {
        builder.ToTable("analyses");
        builder.HasKey(row => new { row.ProjectKey, row.Id });
        builder.Property(row => row.Revision).IsConcurrencyToken();
    }
}
