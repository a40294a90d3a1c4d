using Microsoft.Extensions.Logging;
using Peregrine.Contracts.Deployer;

namespace Peregrine.Deploying.Updates;

internal static partial class UpdateLog
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "{Type} of deployment {DeploymentId} ended {Status} after {Milliseconds} ms")]
    public static partial void Ended(ILogger logger, string deploymentId, UpdateType type, UpdateStatus status, long milliseconds);
}
