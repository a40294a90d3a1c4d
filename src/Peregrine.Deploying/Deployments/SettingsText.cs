using System.Text.Json;
using Peregrine.Contracts.Deployer;

namespace Peregrine.Deploying.Deployments;

/// <summary>Settings compared as what nodes see of them: notes that somebody keeps in unknown members do not count.</summary>
internal static class SettingsText
{
    public static bool Same(DeploymentSettings left, DeploymentSettings right) => Text(left) == Text(right);

    private static string Text(DeploymentSettings settings)
    {
        var relevant = settings with
        {
            Others = null, AuthorizationsToQueryThroughDeployer = null, EndpointId = null, DeployedServiceId = settings.ServiceIdOnNodes,
            GenerationsMapping = settings.GenerationsMapping with { Others = null, Shadows = null }, Shadows = settings.WantedShadows,
            RateLimits = settings.RateLimits is { } rules ? [.. rules.Select(rule => rule.Normalized()).OrderBy(rule => rule.Id, StringComparer.Ordinal)] : null,
        };
        return JsonSerializer.Serialize(relevant, DeployerJson.Default.DeploymentSettings);
    }
}
