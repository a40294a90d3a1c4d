using Peregrine.Contracts.Deployer.Keys;

namespace Peregrine.Web.Deployer.Keys;

public sealed record KeysPageState(DeploymentState Deployment, DeploymentKeys Keys);
