using Peregrine.Contracts.Deployer;

namespace Peregrine.Deploying.Updates;

/// <param name="Requester">Name of the key or user who asked; null for the Deployer itself.</param>
internal sealed record UpdateRequest(string DeploymentId, UpdateType Type, string? Requester);
