namespace Peregrine.Contracts.Deployer;

public sealed record CreateInfraRequest
{
    public required string Id { get; init; }

    public required string Stage { get; init; }

    public string Type { get; init; } = InfraTypes.Static;

    public GovernCheckPolicy GovernCheckPolicy { get; init; } = GovernCheckPolicy.NoCheck;
}
