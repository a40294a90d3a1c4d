using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.Kinds.Caching;

/// <summary>How often the cache of an endpoint was of use. Lives as long as its meter.</summary>
internal sealed class CacheCounts
{
    /// <summary>By <see cref="CacheResult"/>.</summary>
    public static readonly IReadOnlyList<string> Names = ["none", "hit", "stored", "miss", "collapsed"];

    private readonly StripedCounter[] _counts = [.. Names.Select(_ => new StripedCounter())];

    public long this[CacheResult result] => _counts[(int)result].Value;

    public void Add(CacheResult result)
    {
        if (result != CacheResult.None) _counts[(int)result].Add(1);
    }
}
