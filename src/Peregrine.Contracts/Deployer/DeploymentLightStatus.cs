namespace Peregrine.Contracts.Deployer;

/// <summary>What the store knows of a deployment, without asking the nodes; also the list item.</summary>
public sealed record DeploymentLightStatus
{
    public required DeploymentBasicInfo DeploymentBasicInfo { get; init; }

    public required InfraBasicInfo InfraBasicInfo { get; init; }
}
