using Peregrine.Contracts.Deployer;

namespace Peregrine.Deploying.Store.Entities;

/// <summary>A published service.</summary>
public sealed class ServiceEntity : IRevised
{
    public required string Id { get; set; }

    public required ServiceSettings Settings { get; set; }

    public long CreatedOn { get; set; }

    public string? CreatedBy { get; set; }

    public int Revision { get; set; }

    public List<VersionEntity> Versions { get; } = [];

    public List<DeploymentEntity> Deployments { get; } = [];
}
