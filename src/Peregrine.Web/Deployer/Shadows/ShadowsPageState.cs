using Peregrine.Contracts.Deployer;

namespace Peregrine.Web.Deployer.Shadows;

public sealed record ShadowsPageState(DeploymentState Deployment, DeploymentShadows Board);
