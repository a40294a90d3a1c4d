namespace Peregrine.Contracts.Deployer;

/// <summary>The result of an update's future. A failed update is a result too, so that a caller's script can go on to roll back.</summary>
public sealed record UpdateResult
{
    public required string DeploymentId { get; init; }

    public required long StartTimestamp { get; init; }

    public required UpdateStatus Status { get; init; }

    public required DeploymentHealth Health { get; init; }

    public required InfoMessages Report { get; init; }
}
