using Peregrine.Contracts.ApiNode;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Shadows;

/// <summary>A loaded generation that gets copies of requests.</summary>
/// <param name="Share">Share of requests that are copied, above 0 and at most 1.</param>
internal sealed record ShadowTarget(LoadedGeneration Generation, double Share)
{
    /// <summary>The shadows that are loaded; one that could not be loaded is told as failed elsewhere and gets nothing.</summary>
    public static ShadowTarget[] Of(IReadOnlyList<ShadowShare> shadows, Func<string, LoadedGeneration?> loaded) =>
        [.. shadows.Where(shadow => loaded(shadow.Generation) is not null).Select(shadow => new ShadowTarget(loaded(shadow.Generation)!, shadow.Share))];
}
