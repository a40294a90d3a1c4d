namespace Peregrine.Contracts.Deployer;

public sealed record CreateServiceRequest
{
    public required string PublishedServiceId { get; init; }
}
