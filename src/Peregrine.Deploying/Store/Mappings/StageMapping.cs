using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Store.Columns;
using Peregrine.Deploying.Store.Entities;

namespace Peregrine.Deploying.Store.Mappings;

internal sealed class StageMapping : IEntityTypeConfiguration<StageEntity>
{
    public void Configure(EntityTypeBuilder<StageEntity> builder)
    {
        builder.ToTable("stages");
        builder.HasKey(stage => stage.Id);
    }
}
