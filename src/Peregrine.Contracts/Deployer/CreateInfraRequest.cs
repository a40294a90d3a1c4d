namespace Peregrine.Contracts.Deployer;

public sealed record CreateInfraRequest
{
    public required string Id { get; init; }

    public required string Stage { get; init; }

    public string Type { get => field ?? InfraTypes.Static; init; }

    public GovernCheckPolicy GovernCheckPolicy { get; init; }
}
