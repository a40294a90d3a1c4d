using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Nodes;

namespace Peregrine.Deploying.Deployments;

/// <summary>One reading of all that a deployment's health and its updates depend on.</summary>
public sealed record DeploymentPlan
{
    public required string DeploymentId { get; init; }

    public required DeploymentSettings Settings { get; init; }

    /// <summary>What the nodes are held to; null before the first update.</summary>
    public required DeploymentSettings? Target { get; init; }

    public required InfraSettings Infra { get; init; }

    public required IReadOnlyList<NodeTarget> Nodes { get; init; }

    /// <summary>Digest of every published version of the service, by id.</summary>
    public required IReadOnlyDictionary<string, string> Digests { get; init; }

    /// <summary>The keys that were made through this Deployer, oldest first.</summary>
    public required IReadOnlyList<DeployedKey> Keys { get; init; }

    /// <summary>The last update that somebody asked for; null before the first.</summary>
    public required DeploymentUpdate? LastUpdate { get; init; }

    /// <summary>True when the settings were changed since they were last brought to the nodes.</summary>
    public bool IsEdited => Target is not null && !SettingsText.Same(Settings, Target);

    /// <summary>The settings as what each node should be.</summary>
    public WantedService Want(DeploymentSettings settings) => new()
    {
        DeploymentId = DeploymentId,
        ServiceId = settings.ServiceIdOnNodes,
        Enabled = settings.Enabled,
        Mapping = MappingOf(settings),
        Packages = [.. MappingOf(settings).Generations.Select(generation => new WantedPackage(generation, DigestOf(generation)))],
        RateLimits = settings.RateLimits is { } rules ? [.. rules.Select(rule => rule.Normalized())] : null,
        Keys = Keys,
    };

    private static NodeMapping MappingOf(DeploymentSettings settings) => new()
    {
        Entries = settings.GenerationsMapping.Shares, Strategy = settings.GenerationsMapping.Strategy, Shadows = settings.WantedShadows,
    };

    private string DigestOf(string generation) =>
        Digests.TryGetValue(generation, out var digest) ? digest : throw Refusals.NoVersion(Settings.PublishedServiceId, generation);
}
