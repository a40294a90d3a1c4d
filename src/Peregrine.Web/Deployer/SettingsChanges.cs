using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Web.Text;

namespace Peregrine.Web.Deployer;

/// <summary>What an update changed of rate limits and shadows, in the words of the history.</summary>
internal static class SettingsChanges
{
    /// <param name="before">The update before it that came through; null: there was none.</param>
    public static IReadOnlyList<string> Of(DeploymentUpdateSummary update, DeploymentUpdateSummary? before) =>
        [.. Shadows(update.Shadows, before?.Shadows), .. Rules(update.RateLimits, before?.RateLimits)];

    private static IEnumerable<string> Shadows(IReadOnlyList<ShadowShare>? now, IReadOnlyList<ShadowShare>? former)
    {
        if (now is null) return former is null ? [] : ["shadows left to the nodes"];
        var old = (former ?? []).ToDictionary(shadow => shadow.Generation, shadow => shadow.Share, StringComparer.Ordinal);
        var set = now.Where(shadow => !old.TryGetValue(shadow.Generation, out var share) || share != shadow.Share).Select(shadow => $"shadow {shadow.Generation} {Figures.Share(shadow.Share)}");
        var gone = old.Keys.Where(generation => now.All(shadow => shadow.Generation != generation)).Select(generation => $"no shadow {generation}");
        return [.. set, .. gone];
    }

    private static IEnumerable<string> Rules(IReadOnlyList<RateLimitRule>? now, IReadOnlyList<RateLimitRule>? former)
    {
        if (now is null) return former is null ? [] : ["rate limits left to the nodes"];
        var old = (former ?? []).Select(rule => rule.Normalized()).ToList();
        var rules = now.Select(rule => rule.Normalized()).ToList();
        var set = rules.Where(rule => !old.Contains(rule)).Select(rule => $"{rule.Id}: {RateLimits.LimitWords.Allows(rule)}");
        var gone = old.Where(rule => rules.TrueForAll(other => other.Id != rule.Id)).Select(rule => $"no rate limit {rule.Id}");
        return [.. set, .. gone];
    }
}
