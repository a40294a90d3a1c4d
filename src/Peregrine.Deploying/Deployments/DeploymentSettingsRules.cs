using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.RateLimits;
using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying.Deployments;

/// <summary>What settings of a deployment must fulfil.</summary>
internal static class DeploymentSettingsRules
{
    private const double SumTolerance = 1e-6;
    private const int MostShadows = 64; // as many as a node takes

    public static void CheckSameDeployment(DeploymentSettings settings, DeploymentSettings stored)
    {
        var errors = new List<ApiErrorItem>();
        Same(errors, "/id", settings.Id, stored.Id);
        Same(errors, "/infraId", settings.InfraId, stored.InfraId);
        Same(errors, "/publishedServiceId", settings.PublishedServiceId, stored.PublishedServiceId);
        if (errors.Count > 0) throw Refusals.Invalid($"The settings of deployment '{stored.Id}'", errors);
    }

    /// <param name="published">Published versions of the service.</param>
    public static void Check(DeploymentSettings settings, IReadOnlyList<PublishedVersion> published)
    {
        var errors = new List<ApiErrorItem>();
        var versions = published.Select(version => version.Id).ToHashSet(StringComparer.Ordinal);
        var mapping = settings.GenerationsMapping;
        if (mapping.Mode == MappingMode.SingleGeneration)
            CheckVersion(errors, "/generationsMapping/generation", mapping.Generation, settings, versions);
        else
            CheckEntries(errors, mapping.Entries ?? [], settings, versions);
        CheckShadows(errors, settings, versions);
        if (settings.RateLimits is { } rules) RateLimitSettingsRules.Check(errors, rules, EndpointsOf(settings, published));
        if (errors.Count > 0) throw Refusals.Invalid($"The settings of deployment '{settings.Id}'", errors);
    }

    private static void CheckEntries(
        List<ApiErrorItem> errors, IReadOnlyList<GenerationShare> entries, DeploymentSettings settings, IReadOnlySet<string> versions)
    {
        const string at = "/generationsMapping/entries";
        if (entries.Count == 0) errors.Add(new(at, "Empty", "A mapping of several generations needs entries."));
        for (var i = 0; i < entries.Count; i++)
        {
            CheckVersion(errors, $"{at}/{i}/generation", entries[i].Generation, settings, versions);
            if (entries[i].Proba is not (>= 0 and <= 1)) errors.Add(new($"{at}/{i}/proba", "OutOfRange", "A share is a number from 0 to 1."));
        }

        if (entries.GroupBy(entry => entry.Generation, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            errors.Add(new(at, "Duplicate", $"Generation '{twice.Key}' stands twice."));
        if (errors.Count == 0 && Math.Abs(entries.Sum(entry => entry.Proba) - 1) > SumTolerance)
            errors.Add(new(at, "Sum", $"The shares sum to {entries.Sum(entry => entry.Proba):0.######}; make them sum to 1."));
    }

    private static void CheckShadows(List<ApiErrorItem> errors, DeploymentSettings settings, IReadOnlySet<string> versions)
    {
        const string inMapping = "/generationsMapping/shadows";
        if (settings is { Shadows: not null, GenerationsMapping.Shadows: not null })
            errors.Add(new(inMapping, "Twice", "Shadows stand in /shadows too. Leave out one of the two lists."));
        var at = settings.Shadows is null ? inMapping : "/shadows";
        var shadows = settings.WantedShadows ?? [];
        if (shadows.Count > MostShadows) errors.Add(new(at, "TooMany", $"A deployment has at most {MostShadows} shadows."));
        for (var i = 0; i < shadows.Count; i++)
        {
            if (shadows[i] is not { } shadow)
            {
                errors.Add(new($"{at}/{i}", "BadShadow", "A shadow is an object with a generation and a share."));
                continue;
            }

            CheckVersion(errors, $"{at}/{i}/generation", shadow.Generation, settings, versions);
            if (shadow.Share is not (> 0 and <= 1)) errors.Add(new($"{at}/{i}/share", "OutOfRange", "The share of a shadow is a number above 0 and at most 1."));
            if (shadows.Take(i).Any(other => other?.Generation == shadow.Generation)) errors.Add(new($"{at}/{i}/generation", "Duplicate", $"Shadow '{shadow.Generation}' stands twice."));
        }
    }

    /// <summary>What a rule may name: the endpoints of the versions that answer.</summary>
    private static HashSet<string> EndpointsOf(DeploymentSettings settings, IReadOnlyList<PublishedVersion> published) => published
        .Where(version => settings.GenerationsMapping.Shares.Any(share => share.Generation == version.Id))
        .SelectMany(version => version.Endpoints).Select(endpoint => endpoint.Id).ToHashSet(StringComparer.Ordinal);

    private static void CheckVersion(
        List<ApiErrorItem> errors, string pointer, string? generation, DeploymentSettings settings, IReadOnlySet<string> versions)
    {
        if (generation is { Length: > 0 } && versions.Contains(generation)) return;
        var known = versions.Count == 0 ? "It has none yet; import one." : $"It has: {string.Join(", ", versions.Order(StringComparer.Ordinal).Take(20))}.";
        errors.Add(new(pointer, "UnknownVersion", $"Published service '{settings.PublishedServiceId}' has no version '{generation}'. {known}"));
    }

    private static void Same(List<ApiErrorItem> errors, string pointer, string? given, string stored)
    {
        if (given != stored) errors.Add(new(pointer, "Immutable", $"It is '{stored}' and cannot change."));
    }
}
