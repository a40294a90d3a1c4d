using Microsoft.Extensions.Logging;
using Peregrine.Contracts.Deployer;

namespace Peregrine.Deploying.Health;

internal static partial class HealthLog
{
    [LoggerMessage(EventId = 3201, Level = LogLevel.Information, Message = "Deployment {DeploymentId} was {Before} and is {Health}: {Reason}")]
    public static partial void Changed(ILogger logger, string deploymentId, DeploymentHealth before, DeploymentHealth health, string reason);

    [LoggerMessage(EventId = 3202, Level = LogLevel.Warning, Message = "Deployment {DeploymentId} was {Before} and is {Health}: {Reason}")]
    public static partial void Worse(ILogger logger, string deploymentId, DeploymentHealth before, DeploymentHealth health, string reason);
}
