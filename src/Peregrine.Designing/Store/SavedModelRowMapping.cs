using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Peregrine.Designing.Store;

internal sealed class SavedModelRowMapping : IEntityTypeConfiguration<SavedModelRow>
{
    public void Configure(EntityTypeBuilder<SavedModelRow> builder)
    {
        builder.ToTable("saved_models");
        builder.HasKey(row => new { row.ProjectKey, row.Id });
        builder.Property(row => row.Revision).IsConcurrencyToken();
    }
}
