using System.Collections.Concurrent;
using System.Text.Json;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Changes;

namespace Peregrine.Deploying.Health;

/// <summary>What was last seen of each deployment. Lives in memory: after a start it fills with the first round.</summary>
internal sealed class HealthBoard(DeployerEvents events)
{
    private readonly ConcurrentDictionary<string, DeploymentHeavyStatus> _seen = new(StringComparer.Ordinal);

    public DeploymentHeavyStatus? Find(string deploymentId) => _seen.GetValueOrDefault(deploymentId);

    public void Set(string deploymentId, DeploymentHeavyStatus status)
    {
        var before = Find(deploymentId);
        _seen[deploymentId] = status;
        if (before is null || !SameBut(before, status)) events.Raise(DeployerChangeKind.Health, deploymentId);
    }

    public void Forget(string deploymentId) => _seen.TryRemove(deploymentId, out _);

    private static bool SameBut(DeploymentHeavyStatus left, DeploymentHeavyStatus right) => Text(left) == Text(right);

    private static string Text(DeploymentHeavyStatus status) =>
        JsonSerializer.Serialize(status with { CheckedOn = 0 }, DeployerJson.Default.DeploymentHeavyStatus);
}
