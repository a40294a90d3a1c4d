using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Shadows;

/// <summary>The comparisons so far. They live until their service or their shadow's generation is deleted, or somebody resets them.</summary>
internal sealed class ShadowBoard(NodeState node, IOptions<ShadowOptions> options)
{
    private readonly ConcurrentDictionary<ShadowPair, ShadowComparison> _comparisons = new();

    public ShadowComparison Of(ShadowPair pair)
    {
        if (_comparisons.TryGetValue(pair, out var known)) return known;
        Prune();
        return _comparisons.GetOrAdd(pair, one => new ShadowComparison(one, options.Value.MostFlipPairs));
    }

    public IEnumerable<ShadowComparison> All => _comparisons.Values;

    /// <summary>The comparisons of a service, in a stable order.</summary>
    public IReadOnlyList<ShadowComparison> OfService(string service) =>
    [
        .. _comparisons.Values.Where(one => one.Pair.Service == service).OrderBy(one => one.Pair.Endpoint, StringComparer.Ordinal)
            .ThenBy(one => one.Pair.Primary, StringComparer.Ordinal).ThenBy(one => one.Pair.Shadow, StringComparer.Ordinal),
    ];

    public void Reset(string service)
    {
        foreach (var one in OfService(service)) _comparisons.TryRemove(one.Pair, out _);
    }

    private void Prune()
    {
        var current = node.Current;
        foreach (var pair in _comparisons.Keys)
            if (!current.Services.TryGetValue(pair.Service, out var service) || !service.Generations.ContainsKey(pair.Shadow)) _comparisons.TryRemove(pair, out _);
    }
}
