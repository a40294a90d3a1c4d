using System.Collections.Concurrent;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Serving.Kinds.Lookup;

/// <summary>A lookup endpoint of one generation.</summary>
internal sealed class LoadedLookup(LookupKind kind, LookupEndpoint endpoint, KindPlace place) : KindEndpoint(kind, endpoint, place, "dataset-lookup-query", "data")
{
    private const int MostSpares = 64;

    private readonly ConcurrentBag<LookupQuery> _spares = [];

    public LookupEndpoint Lookup { get; } = endpoint;

    public override CacheSettings? CacheSettings => Lookup.Settings.Cache;

    public override IReadOnlyList<LogColumnRule> LogColumns => Lookup.Settings.LogColumns ?? [];

    public override byte[] Sample => LookupSample.Body(Lookup);

    public override KindQuery Begin(KindCall call)
    {
        if (!_spares.TryTake(out var query)) query = new LookupQuery(this);
        query.Many = call.Many;
        return query;
    }

    public void Take(LookupQuery query)
    {
        if (_spares.Count < MostSpares) _spares.Add(query);
    }
}
