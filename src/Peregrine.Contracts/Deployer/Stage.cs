namespace Peregrine.Contracts.Deployer;

/// <summary>A step on the way to production; infrastructures belong to one.</summary>
public sealed record Stage
{
    public required string Id { get; init; }

    public string Desc { get => field ?? ""; init; }
}
