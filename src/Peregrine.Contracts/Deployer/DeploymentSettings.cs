using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Contracts.Deployer;

/// <summary>What is wanted of a deployment; takes effect with the next update. Members that are not known here are kept as they came.</summary>
public sealed record DeploymentSettings
{
    public required string Id { get; init; }

    public required string InfraId { get; init; }

    public required string PublishedServiceId { get; init; }

    /// <summary>True when absent. Not init: generated JSON code would read an absent init member as false.</summary>
    public bool Enabled { get; set; } = true;

    public required GenerationsMapping GenerationsMapping { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DeployedServiceId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EndpointId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? AuthorizationsToQueryThroughDeployer { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    /// <summary>The service's id on the nodes.</summary>
    [JsonIgnore]
    public string ServiceIdOnNodes => string.IsNullOrEmpty(DeployedServiceId) ? PublishedServiceId : DeployedServiceId;
}
