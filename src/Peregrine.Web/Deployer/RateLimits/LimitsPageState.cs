using Peregrine.Contracts.Deployer;

namespace Peregrine.Web.Deployer.RateLimits;

public sealed record LimitsPageState(DeploymentState Deployment, DeploymentRateLimits Limits);
