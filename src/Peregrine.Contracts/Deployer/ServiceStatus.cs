namespace Peregrine.Contracts.Deployer;

/// <summary>A published service with its versions, newest first, and where it is deployed; also the list item.</summary>
public sealed record ServiceStatus
{
    public required ServiceBasicInfo ServiceBasicInfo { get; init; }

    public required IReadOnlyList<PublishedVersion> Packages { get; init; }

    public required IReadOnlyList<DeploymentBasicInfo> Deployments { get; init; }
}
