using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Contracts.Deployer.Keys;

namespace Peregrine.Contracts.Deployer;

/// <summary>How the Deployer's contracts are written and read.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<Stage>))]
[JsonSerializable(typeof(CreateInfraRequest))]
[JsonSerializable(typeof(InfraStatus))]
[JsonSerializable(typeof(IReadOnlyList<InfraStatus>))]
[JsonSerializable(typeof(InfraSettings))]
[JsonSerializable(typeof(CreateServiceRequest))]
[JsonSerializable(typeof(ServiceStatus))]
[JsonSerializable(typeof(IReadOnlyList<ServiceStatus>))]
[JsonSerializable(typeof(ServiceSettings))]
[JsonSerializable(typeof(IReadOnlyList<PublishedEndpoint>))]
[JsonSerializable(typeof(PublishedVersion))]
[JsonSerializable(typeof(CreateDeploymentRequest))]
[JsonSerializable(typeof(DeploymentLightStatus))]
[JsonSerializable(typeof(IReadOnlyList<DeploymentLightStatus>))]
[JsonSerializable(typeof(DeploymentHeavyStatus))]
[JsonSerializable(typeof(DeploymentSettings))]
[JsonSerializable(typeof(InfoMessages))]
[JsonSerializable(typeof(IReadOnlyList<DeploymentUpdateSummary>))]
[JsonSerializable(typeof(DeploymentUpdate))]
[JsonSerializable(typeof(IReadOnlyList<UpdateStep>))]
[JsonSerializable(typeof(UpdateResult))]
[JsonSerializable(typeof(QueryRunReport))]
[JsonSerializable(typeof(DeployerBoard))]
[JsonSerializable(typeof(DeploymentRateLimits))]
[JsonSerializable(typeof(DeploymentShadows))]
[JsonSerializable(typeof(DeploymentKeys))]
[JsonSerializable(typeof(KeyChange))]
[JsonSerializable(typeof(NewKeyRequest))]
[JsonSerializable(typeof(RotateKeyRequest))]
public sealed partial class DeployerJson : JsonSerializerContext;
