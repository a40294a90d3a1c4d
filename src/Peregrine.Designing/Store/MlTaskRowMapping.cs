using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Peregrine.Designing.Store;

internal sealed class MlTaskRowMapping : IEntityTypeConfiguration<MlTaskRow>
{
    public void Configure(EntityTypeBuilder<MlTaskRow> builder)
    {
        builder.ToTable("ml_tasks");
        builder.HasKey(row => new { row.ProjectKey, row.AnalysisId, row.Id });
        builder.Property(row => row.Revision).IsConcurrencyToken();
    }
}
