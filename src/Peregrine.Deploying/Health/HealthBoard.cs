using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Changes;

namespace Peregrine.Deploying.Health;

/// <summary>What was last seen of each deployment. Lives in memory: after a start it fills with the first round.</summary>
internal sealed class HealthBoard(DeployerEvents events, ILogger<HealthBoard> logger)
{
    private readonly ConcurrentDictionary<string, DeploymentHeavyStatus> _seen = new(StringComparer.Ordinal);

    public DeploymentHeavyStatus? Find(string deploymentId) => _seen.GetValueOrDefault(deploymentId);

    public void Set(string deploymentId, DeploymentHeavyStatus status)
    {
        var before = Find(deploymentId);
        _seen[deploymentId] = status;
        if (before is not null && before.Health != status.Health) Tell(deploymentId, before.Health, status);
        if (before is null || !SameBut(before, status)) events.Raise(DeployerChangeKind.Health, deploymentId);
    }

    public void Forget(string deploymentId) => _seen.TryRemove(deploymentId, out _);

    private void Tell(string deploymentId, DeploymentHealth before, DeploymentHeavyStatus status)
    {
        var reason = status.HealthMessages.Messages is [var first, ..] ? first.Message : "Every node is as wanted.";
        if (status.Health > DeploymentHealth.Unknown)
            HealthLog.Worse(logger, deploymentId, before, status.Health, reason);
        else
            HealthLog.Changed(logger, deploymentId, before, status.Health, reason);
    }

    /// <summary>Equal but for when the nodes were asked.</summary>
    private static bool SameBut(DeploymentHeavyStatus left, DeploymentHeavyStatus right) => Text(left) == Text(right);

    private static string Text(DeploymentHeavyStatus status) =>
        JsonSerializer.Serialize(status with { CheckedOn = 0 }, DeployerJson.Default.DeploymentHeavyStatus);
}
