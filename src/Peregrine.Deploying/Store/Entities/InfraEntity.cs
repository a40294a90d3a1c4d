using Peregrine.Contracts.Deployer;

namespace Peregrine.Deploying.Store.Entities;

public sealed class InfraEntity : IRevised
{
    public required string Id { get; set; }

    public required string StageId { get; set; }

    /// <summary>The keys of the nodes stand in it protected, never in clear.</summary>
    public required InfraSettings Settings { get; set; }

    public int Revision { get; set; }

    public List<DeploymentEntity> Deployments { get; } = [];
}
