using System.Collections.Frozen;
using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.Snapshots;

/// <summary>Everything that the node serves at one moment. Immutable: a request takes it once and keeps it.</summary>
internal sealed class NodeSnapshot
{
    public const string UserApi = "/public/api/v1/";

    public static readonly NodeSnapshot Empty = new([], FrozenDictionary<string, string>.Empty, null);

    private readonly FrozenDictionary<string, UserRoute> _routes;

    /// <param name="unreadable">Services whose document cannot be read, with the reason.</param>
    public NodeSnapshot(IEnumerable<ServiceSnapshot> services, FrozenDictionary<string, string> unreadable, ServingMetrics? metrics)
    {
        Services = services.ToFrozenDictionary(service => service.Id, StringComparer.Ordinal);
        Unreadable = unreadable;
        _routes = Services.Values.Where(service => service.IsServing)
            .SelectMany(service => RoutesOf(service, metrics!)).ToFrozenDictionary(StringComparer.Ordinal);
    }

    public FrozenDictionary<string, ServiceSnapshot> Services { get; }

    public FrozenDictionary<string, string> Unreadable { get; }

    /// <summary>The route of a whole path, spelled as documented; null when it must be looked at piece by piece.</summary>
    public UserRoute? Find(string path) => _routes.GetValueOrDefault(path);

    private static IEnumerable<KeyValuePair<string, UserRoute>> RoutesOf(ServiceSnapshot service, ServingMetrics metrics)
    {
        foreach (var endpointId in service.Forceable.SelectMany(generation => generation.Endpoints.Keys).Distinct(StringComparer.Ordinal))
        {
            var endpoint = new EndpointRoute(service, endpointId, metrics.MeterFor(service.Id, endpointId, ""));
            yield return Route(endpoint, "predict", PredictionCall.Predict);
            yield return Route(endpoint, "predict-multi", PredictionCall.PredictMulti);
            yield return Route(endpoint, "predict-simple", PredictionCall.PredictSimple);
        }
    }

    private static KeyValuePair<string, UserRoute> Route(EndpointRoute endpoint, string call, PredictionCall kind) =>
        new($"{UserApi}{endpoint.Service.Id}/{endpoint.EndpointId}/{call}", new UserRoute(endpoint, kind));
}
