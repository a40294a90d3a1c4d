using Peregrine.Contracts.ApiNode;

namespace Peregrine.Deploying.Store.Entities;

/// <summary>A key of a deployment's service that was made here: its hash, never the key. A revoked key has no row.</summary>
public sealed class DeploymentKeyEntity
{
    public required string DeploymentId { get; set; }

    public required string Id { get; set; }

    public required DeployedKey Key { get; set; }
}
