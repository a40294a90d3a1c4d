using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Peregrine.Designing.Store;

internal sealed class ApiServiceRowMapping : IEntityTypeConfiguration<ApiServiceRow>
{
    public void Configure(EntityTypeBuilder<ApiServiceRow> builder)
    {
        builder.ToTable("api_services");
        builder.HasKey(row => new { row.ProjectKey, row.Id });
        builder.Property(row => row.Revision).IsConcurrencyToken();
    }
}
