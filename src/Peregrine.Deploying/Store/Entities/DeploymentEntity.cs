using Peregrine.Contracts.Deployer;

namespace Peregrine.Deploying.Store.Entities;

public sealed class DeploymentEntity : IRevised
{
    public required string Id { get; set; }

    public required string ServiceId { get; set; }

    public required string InfraId { get; set; }

    /// <summary>What someone wants; takes effect with the next update.</summary>
    public required DeploymentSettings Settings { get; set; }

    /// <summary>What the nodes are held to: the settings of the last update whose packages all nodes had taken. Null before it.</summary>
    public DeploymentSettings? Target { get; set; }

    public long CreatedOn { get; set; }

    public string? CreatedBy { get; set; }

    public int Revision { get; set; }

    public InfraEntity? Infra { get; set; }
}
