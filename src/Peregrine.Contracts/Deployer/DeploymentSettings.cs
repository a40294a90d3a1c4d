using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Contracts.ApiNode;

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

    /// <summary>Rate limits and quotas that every node shall have for the service, all of them. Absent: nodes keep what they have; empty: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RateLimitRule>? RateLimits { get; init; }

    /// <summary>
    /// Generations that score copies of requests on every node. Absent: nodes keep what they have; empty: none. Beside the mapping, so that a caller that
    /// replaces the mapping to change the version leaves them in force.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ShadowShare>? Shadows { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    /// <summary>The service's id on the nodes.</summary>
    [JsonIgnore]
    public string ServiceIdOnNodes => string.IsNullOrEmpty(DeployedServiceId) ? PublishedServiceId : DeployedServiceId;

    /// <summary>The shadows that are wanted, wherever they stand; null: nobody said.</summary>
    [JsonIgnore]
    public IReadOnlyList<ShadowShare>? WantedShadows => Shadows ?? GenerationsMapping.Shadows;

    /// <summary>With other shadows, which then stand beside the mapping only.</summary>
    /// <param name="shadows">Null: nodes keep what they have.</param>
    public DeploymentSettings WithShadows(IReadOnlyList<ShadowShare>? shadows) => this with { Shadows = shadows, GenerationsMapping = GenerationsMapping with { Shadows = null } };
}
