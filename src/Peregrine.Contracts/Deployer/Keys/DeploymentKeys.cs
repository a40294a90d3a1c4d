namespace Peregrine.Contracts.Deployer.Keys;

/// <summary>The keys of a deployment's service.</summary>
public sealed record DeploymentKeys(string DeploymentId, IReadOnlyList<DeploymentKey> Keys);
