namespace Peregrine.Contracts.Deployer;

public sealed record ServiceBasicInfo
{
    public required string Id { get; init; }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public required long CreatedOn { get; init; }

    public string? CreatedBy { get; init; }
}
