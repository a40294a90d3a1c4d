using Microsoft.Extensions.Logging;

namespace Peregrine.Deploying.Deployments;

internal static partial class DeploymentLog
{
    [LoggerMessage(EventId = 3301, Level = LogLevel.Warning, Message = "Deployment {DeploymentId} is deleted although a node was not cleaned: {Reason}")]
    public static partial void NotCleaned(ILogger logger, string deploymentId, string reason);
}
