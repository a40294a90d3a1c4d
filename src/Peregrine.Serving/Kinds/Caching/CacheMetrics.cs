using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Kinds.Caching;

/// <summary>What the caches of endpoints hold and do, read when somebody asks. Hosted, so that it is there from the start.</summary>
internal sealed class CacheMetrics : IHostedService
{
    private readonly NodeState _state;
    private readonly ServingMetrics _metrics;

    public CacheMetrics(NodeState state, ServingMetrics metrics, IMeterFactory factory)
    {
        _state = state;
        _metrics = metrics;
        var meter = factory.Create(ServingMetrics.MeterName);
        meter.CreateObservableCounter("peregrine.cache.requests", ReadRequests, "{request}", "Requests to endpoints with a cache, by what it did: hit, stored, miss, collapsed.");
        meter.CreateObservableGauge("peregrine.cache.entries", () => Read(cache => cache.Count), "{answer}", "Answers that an endpoint keeps.");
        meter.CreateObservableGauge("peregrine.cache.bytes", () => Read(cache => cache.Bytes), "By", "Memory of the answers that an endpoint keeps.");
        meter.CreateObservableGauge("peregrine.cache.evicted", () => Read(cache => cache.Evicted), "{answer}", "Answers that had to go before their time, since the generation was loaded.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<long>> ReadRequests() =>
        from meter in _metrics.Meters
        from result in Enum.GetValues<CacheResult>()
        where meter.Cache?[result] > 0
        select new Measurement<long>(meter.Cache![result], [.. meter.Labels, KeyValuePair.Create("result", (object?)CacheCounts.Names[(int)result])]);

    private IEnumerable<Measurement<long>> Read(Func<ResponseCache, long> value) =>
        from service in _state.Current.Services.Values
        from generation in service.Forceable
        from endpoint in generation.OfKinds.Values
        where endpoint.Cache is not null
        select new Measurement<long>(value(endpoint.Cache!), endpoint.Meter.Labels);
}
