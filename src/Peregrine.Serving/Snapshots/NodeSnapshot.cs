using System.Collections.Frozen;
using Peregrine.Serving.Kinds;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.OpenInference.Rest;

namespace Peregrine.Serving.Snapshots;

/// <summary>Everything that the node serves at one moment. Immutable: a request takes it once and keeps it.</summary>
internal sealed class NodeSnapshot
{
    public const string UserApi = "/public/api/v1/";

    public static readonly NodeSnapshot Empty = new([], FrozenDictionary<string, string>.Empty, null);

    private readonly FrozenDictionary<string, UserRoute> _routes;
    private readonly FrozenDictionary<string, UserRoute>.AlternateLookup<ReadOnlySpan<char>> _paths;

    /// <param name="unreadable">Services whose document cannot be read, with the reason.</param>
    public NodeSnapshot(IEnumerable<ServiceSnapshot> services, FrozenDictionary<string, string> unreadable, ServingMetrics? metrics)
    {
        Services = services.ToFrozenDictionary(service => service.Id, StringComparer.Ordinal);
        Unreadable = unreadable;
        // Ids may hold dots, so two endpoints can make the same model name; the first in the order of service ids has it.
        _routes = Services.Values.Where(service => service.IsServing).OrderBy(service => service.Id, StringComparer.Ordinal)
            .SelectMany(service => RoutesOf(service, metrics!)).DistinctBy(route => route.Key, StringComparer.Ordinal).ToFrozenDictionary(StringComparer.Ordinal);
        _paths = _routes.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public FrozenDictionary<string, ServiceSnapshot> Services { get; }

    public FrozenDictionary<string, string> Unreadable { get; }

    /// <summary>Whether the node has a generation of a service, loaded or not; with an empty generation, whether it has the service.</summary>
    public bool Has(string service, string generation) =>
        Services.TryGetValue(service, out var known) && (generation.Length == 0 || known.Generations.ContainsKey(generation));

    /// <summary>The route of a whole path, spelled as documented; null when it must be looked at piece by piece.</summary>
    public UserRoute? Find(string path) => _routes.GetValueOrDefault(path);

    /// <summary>The route of infer of a model that a message names; null: there is no such model.</summary>
    /// <param name="version">The generation; empty: none is named.</param>
    public UserRoute? FindModel(ReadOnlySpan<byte> model, ReadOnlySpan<byte> version)
    {
        Span<char> path = stackalloc char[512];
        var length = ModelPaths.Infer(model, version, path);
        return length >= 0 && _paths.TryGetValue(path[..length], out var route) ? route : null;
    }

    private static IEnumerable<KeyValuePair<string, UserRoute>> RoutesOf(ServiceSnapshot service, ServingMetrics metrics)
    {
        foreach (var endpointId in service.Forceable.SelectMany(generation => generation.EndpointIds).Distinct(StringComparer.Ordinal))
        {
            var endpoint = new EndpointRoute(service, endpointId, metrics.MeterFor(service.Id, endpointId, ""));
            foreach (var route in KindRoutes(endpoint)) yield return route;
            if (!service.Forceable.Any(generation => generation.Endpoints.ContainsKey(endpointId))) continue;
            yield return Route(endpoint, "predict", PredictionCall.Predict);
            yield return Route(endpoint, "predict-multi", PredictionCall.PredictMulti);
            yield return Route(endpoint, "predict-simple", PredictionCall.PredictSimple);
            foreach (var route in InferRoutes(endpoint)) yield return route;
        }
    }

    private static IEnumerable<KeyValuePair<string, UserRoute>> KindRoutes(EndpointRoute endpoint) => endpoint.Service.Forceable
        .Select(generation => generation.OfKinds.GetValueOrDefault(endpoint.EndpointId)).OfType<KindEndpoint>().SelectMany(of => of.Kind.Calls).Distinct()
        .Select(call => KeyValuePair.Create($"{UserApi}{endpoint.Service.Id}/{endpoint.EndpointId}/{call.Name}", new UserRoute(endpoint, PredictionCall.OfKind, OfKind: call)));

    private static IEnumerable<KeyValuePair<string, UserRoute>> InferRoutes(EndpointRoute endpoint)
    {
        var model = ModelPaths.Of(endpoint.Service.Id, endpoint.EndpointId);
        yield return new(ModelPaths.Infer(model), new UserRoute(endpoint, PredictionCall.Infer));
        foreach (var generation in endpoint.Service.Forceable.Where(generation => generation.Endpoints.ContainsKey(endpoint.EndpointId)))
            yield return new(ModelPaths.Infer(model, generation.Id), new UserRoute(endpoint, PredictionCall.Infer, generation));
    }

    private static KeyValuePair<string, UserRoute> Route(EndpointRoute endpoint, string call, PredictionCall kind) =>
        new($"{UserApi}{endpoint.Service.Id}/{endpoint.EndpointId}/{call}", new UserRoute(endpoint, kind));
}
