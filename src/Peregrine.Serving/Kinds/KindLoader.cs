using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Peregrine.Packages;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Verification;
using Peregrine.Serving.Kinds.Caching;
using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.Kinds;

/// <summary>Makes the endpoints of a package ready that are no predictions, each by its kind.</summary>
internal sealed class KindLoader(
    IEnumerable<IServedKind> kinds, KindEngine engine, ServingMetrics metrics, IOptions<ResponseCacheOptions> caches, IOptions<ServingOptions> options,
    TimeProvider clock)
{
    private readonly FrozenDictionary<string, IServedKind> _kinds = kinds.ToFrozenDictionary(kind => kind.Id, StringComparer.Ordinal);

    /// <exception cref="PackageException">The node cannot serve an endpoint.</exception>
    public FrozenDictionary<string, KindEndpoint> Load(string service, string generation, VerifiedPackage package, CancellationToken cancellationToken)
    {
        var endpoints = package.Endpoints.Values.Where(endpoint => endpoint is not PredictionEndpoint)
            .ToFrozenDictionary(endpoint => endpoint.Id, endpoint => Load(service, generation, endpoint), StringComparer.Ordinal);
        foreach (var endpoint in endpoints.Values) WarmUp(endpoint, cancellationToken);
        return endpoints;
    }

    private KindEndpoint Load(string service, string generation, IPackagedEndpoint packaged)
    {
        if (!_kinds.TryGetValue(packaged.Kind, out var kind))
            throw new PackageException(
                PackageFaultCode.BadManifest, $"endpoint '{packaged.Id}'", $"This node does not serve endpoints of kind '{packaged.Kind}'.", "Upgrade the node, or leave the endpoint out.");
        var endpoint = kind.Load(packaged, new KindPlace(service, generation, metrics.MeterFor(service, packaged.Id, generation)));
        if (endpoint.CacheSettings is not { } settings || !caches.Value.Enabled) return endpoint;
        endpoint.Cache = new ResponseCache(CacheLimits.Of(settings, caches.Value), clock);
        endpoint.Meter.Cache ??= new CacheCounts();
        return endpoint;
    }

    private void WarmUp(KindEndpoint endpoint, CancellationToken cancellationToken)
    {
        var sample = endpoint.Sample;
        for (var round = 0; round < options.Value.WarmUpRounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            engine.Rehearse(endpoint, sample);
        }
    }
}
