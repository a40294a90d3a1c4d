using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Peregrine.Designing.Store;

internal sealed class ProjectRowMapping : IEntityTypeConfiguration<ProjectRow>
{
    public void Configure(EntityTypeBuilder<ProjectRow> builder)
    {
        builder.ToTable("projects");
        builder.HasKey(row => row.Key);
        builder.Property(row => row.Revision).IsConcurrencyToken();
    }
}
