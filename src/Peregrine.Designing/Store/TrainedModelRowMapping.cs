using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Peregrine.Designing.Store;

internal sealed class TrainedModelRowMapping : IEntityTypeConfiguration<TrainedModelRow>
{
    public void Configure(EntityTypeBuilder<TrainedModelRow> builder)
    {
        builder.ToTable("trained_models");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Revision).IsConcurrencyToken();
        builder.HasIndex(row => new { row.ProjectKey, row.AnalysisId, row.TaskId });
        builder.HasIndex(row => row.State);
    }
}
