namespace Peregrine.Deploying.Changes;

public enum DeployerChangeKind
{
    Stages,
    Service,
    Infrastructure,
    Deployment,

    /// <summary>Only the health of a deployment, or what is known of its nodes.</summary>
    Health,
}

/// <summary>Something of the Deployer is another than before.</summary>
/// <param name="Id">Id of the service, infrastructure or deployment; empty for stages.</param>
public sealed record DeployerChange(DeployerChangeKind Kind, string Id);
