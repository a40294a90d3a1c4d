namespace Peregrine.Contracts.Deployer;

/// <summary>Every stage with its infrastructures and deployments, as last seen by the Deployer.</summary>
public sealed record DeployerBoard(IReadOnlyList<BoardStage> Stages);

public sealed record BoardStage
{
    public required string Id { get; init; }

    public required string Desc { get; init; }

    public required IReadOnlyList<InfraBasicInfo> Infras { get; init; }

    public required IReadOnlyList<BoardDeployment> Deployments { get; init; }
}
