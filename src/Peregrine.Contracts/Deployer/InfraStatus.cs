namespace Peregrine.Contracts.Deployer;

/// <summary>An infrastructure with what is deployed on it; also the list item.</summary>
public sealed record InfraStatus
{
    public required InfraBasicInfo InfraBasicInfo { get; init; }

    public bool CanDeploy { get; set; } = true;

    public required IReadOnlyList<ApiNodeAddress> ApiNodes { get; init; }

    public required IReadOnlyList<DeploymentBasicInfo> Deployments { get; init; }
}
