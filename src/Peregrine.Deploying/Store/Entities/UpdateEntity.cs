using Peregrine.Contracts.Deployer;

namespace Peregrine.Deploying.Store.Entities;

/// <summary>One update in the history of a deployment.</summary>
public sealed class UpdateEntity
{
    public required string DeploymentId { get; set; }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long StartTimestamp { get; set; }

    public UpdateType Type { get; set; }

    public UpdateStatus Status { get; set; }

    public required DeploymentUpdate Update { get; set; }

    /// <summary>The settings that it was to bring.</summary>
    public required DeploymentSettings Wanted { get; set; }
}
