using Peregrine.Contracts.Deployer;
using Peregrine.Web.Components;

namespace Peregrine.Web.Deployer;

/// <summary>Health and progress of the Deployer in the page's words and colours.</summary>
internal static class HealthWords
{
    public static Tone Tone(this DeploymentHealth health) => health switch
    {
        DeploymentHealth.Healthy => Components.Tone.Good,
        DeploymentHealth.Warning or DeploymentHealth.OutOfSync => Components.Tone.Warn,
        DeploymentHealth.Unhealthy or DeploymentHealth.Error => Components.Tone.Bad,
        _ => Components.Tone.Idle,
    };

    public static string Word(this DeploymentHealth health) => health switch
    {
        DeploymentHealth.Healthy => "Healthy",
        DeploymentHealth.Warning => "Warning",
        DeploymentHealth.OutOfSync => "Out of sync",
        DeploymentHealth.Unhealthy => "Unhealthy",
        DeploymentHealth.Error => "Error",
        _ => "Unknown",
    };

    public static Tone Tone(this UpdateStatus status) => status switch
    {
        UpdateStatus.Done => Components.Tone.Good,
        UpdateStatus.Failed => Components.Tone.Bad,
        UpdateStatus.Running => Components.Tone.Busy,
        _ => Components.Tone.Idle,
    };

    /// <summary>"Update done", "Rollback failed", "Repair running".</summary>
    public static string Words(this DeploymentUpdateSummary update) => $"{update.Type} {update.Status.ToString().ToLowerInvariant()}";

    /// <summary>The worst finding in one line; null when all is well.</summary>
    public static string? Reason(this InfoMessages messages) =>
        messages.Messages.Where(message => message.Severity >= MessageSeverity.Warning).OrderByDescending(message => message.Severity).Select(message => message.Message).FirstOrDefault();

    public static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? Time(value) : null;

    /// <summary>What the settings want, as shares; each version keeps the place that it has in <paramref name="order"/>, and so its colour.</summary>
    public static IReadOnlyList<TrafficShare> Traffic(this GenerationsMapping mapping, IReadOnlyList<string>? order = null) =>
        [.. mapping.Shares.Select((share, at) => new TrafficShare(share.Generation, share.Proba, order is null ? at : Math.Max(0, order.IndexOf(share.Generation))))];

    private static int IndexOf(this IReadOnlyList<string> list, string item)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (string.Equals(list[i], item, StringComparison.Ordinal)) return i;
        }
        return -1;
    }
}
