namespace Peregrine.Contracts.Deployer;

public sealed record InfraBasicInfo
{
    public required string Id { get; init; }

    public required string Stage { get; init; }

    public required string Type { get; init; }

    public required GovernCheckPolicy GovernCheckPolicy { get; init; }
}
