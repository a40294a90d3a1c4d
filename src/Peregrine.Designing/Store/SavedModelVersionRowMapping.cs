using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Peregrine.Designing.Store;

internal sealed class SavedModelVersionRowMapping : IEntityTypeConfiguration<SavedModelVersionRow>
{
    public void Configure(EntityTypeBuilder<SavedModelVersionRow> builder)
    {
        builder.ToTable("saved_model_versions");
        builder.HasKey(row => new { row.ProjectKey, row.SavedModelId, row.Id });
        builder.Property(row => row.Revision).IsConcurrencyToken();
    }
}
