using Microsoft.Extensions.Logging;
using Peregrine.Contracts.Deployer;

namespace Peregrine.Deploying.Reconcile;

internal static partial class ReconcileLog
{
    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Repair of {Nodes} node(s) of deployment {DeploymentId} ended {Status}")]
    public static partial void Repaired(ILogger logger, string deploymentId, int nodes, UpdateStatus status);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Information, Message = "Repair of deployment {DeploymentId} gave way to an update")]
    public static partial void GaveWay(ILogger logger, string deploymentId);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Error, Message = "Deployment {DeploymentId} could not be reconciled")]
    public static partial void Failed(ILogger logger, Exception fault, string deploymentId);

    [LoggerMessage(EventId = 3104, Level = LogLevel.Error, Message = "A round of reconciliation failed; the next one comes as usual")]
    public static partial void RoundFailed(ILogger logger, Exception fault);

    [LoggerMessage(EventId = 3105, Level = LogLevel.Warning, Message = "{Updates} update(s) were interrupted by the last stop and are marked as failed")]
    public static partial void Interrupted(ILogger logger, int updates);
}
