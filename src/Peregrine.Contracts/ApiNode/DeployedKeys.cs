namespace Peregrine.Contracts.ApiNode;

/// <summary>All keys that a Deployer wants on a node for a service: the body of <c>PUT /admin/api/services/{s}/keys</c>. Keys made on the node itself are not among them and stay.</summary>
public sealed record DeployedKeys(IReadOnlyList<DeployedKey> Keys);
