using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Peregrine.Designing.Store;

internal sealed class ServicePackageRowMapping : IEntityTypeConfiguration<ServicePackageRow>
{
    public void Configure(EntityTypeBuilder<ServicePackageRow> builder)
    {
        builder.ToTable("service_packages");
        builder.HasKey(row => new { row.ProjectKey, row.ServiceId, row.Id });
        builder.Property(row => row.Revision).IsConcurrencyToken();
    }
}
