using System.Text.Json;

namespace Peregrine.Contracts.Deployer;

public sealed record CreateDeploymentRequest
{
    public required string DeploymentId { get; init; }

    public required string PublishedServiceId { get; init; }

    public required string InfraId { get; init; }

    public required string Version { get; init; }

    /// <summary>Only of use to infrastructures that expose one endpoint per deployment; kept in the settings.</summary>
    public string? EndpointId { get; init; }

    /// <summary>Service id on the nodes when it is not the published service's: ours, needed to deploy a service twice on one infrastructure.</summary>
    public string? DeployedServiceId { get; init; }

    /// <summary>Kept in the settings as it came.</summary>
    public JsonElement? AuthorizationsToQueryThroughDeployer { get; init; }
}
