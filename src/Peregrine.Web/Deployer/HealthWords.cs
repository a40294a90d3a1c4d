using System.Globalization;
using Peregrine.Contracts.Deployer;
using Peregrine.Web.Components;

namespace Peregrine.Web.Deployer;

/// <summary>Health and progress of the Deployer in the page's words and colours.</summary>
internal static class HealthWords
{
    private const int Colours = 6;

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

    /// <summary>What the settings want, as shares. A version has the same colour wherever it is drawn.</summary>
    public static IReadOnlyList<TrafficShare> Traffic(this GenerationsMapping mapping)
    {
        var taken = new HashSet<int>();
        return [.. mapping.Shares.Select(share => new TrafficShare(share.Generation, share.Proba, Colour(share.Generation, taken)))];
    }

    /// <summary>By the number at the end of its name (v1, v2, …), else by its letters; the next free one when another of the mapping has it.</summary>
    private static int Colour(string generation, HashSet<int> taken)
    {
        var digits = generation.AsSpan(generation.AsSpan().TrimEnd("0123456789").Length);
        var colour = int.TryParse(digits, CultureInfo.InvariantCulture, out var number) ? Math.Max(0, number - 1) : generation.Sum(letter => letter);
        while (!taken.Add(colour % Colours) && taken.Count < Colours) colour++;
        return colour % Colours;
    }
}
