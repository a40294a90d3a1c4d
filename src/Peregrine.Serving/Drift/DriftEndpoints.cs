using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Http;
using Peregrine.Packages.Drift;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Drift;

/// <summary>Drift as JSON: of all loaded generations and endpoints of a service, or of those asked for.</summary>
internal static class DriftEndpoints
{
    public static void Map(IEndpointRouteBuilder admin) => admin.MapGet("/services/{service}/drift", Get);

    private static JsonHttpResult<DriftAnswer> Get(string service, HttpRequest request, NodeState node, DriftReader drift)
    {
        var current = node.Current;
        if (!current.Services.TryGetValue(service, out var snapshot)) throw DispatchFaults.UnknownService(current, service).AsException();
        var window = WindowOf(request, drift);
        var withCounts = QueryValues.Boolean(request, "counts");
        var endpoint = QueryValues.Text(request, "endpoint");
        var generation = QueryValues.Text(request, "generation");
        var loaded = DriftSketches.LoadedOf([snapshot]).ToList();
        if (generation is not null && loaded.TrueForAll(one => one.Generation.Id != generation))
            throw NotFound("generation", generation, service, loaded.Select(one => one.Generation.Id));
        if (endpoint is not null && loaded.TrueForAll(one => one.Endpoint.Id != endpoint))
            throw NotFound("endpoint", endpoint, service, loaded.Select(one => one.Endpoint.Id));
        var reports = loaded
            .Where(one => (generation is null || one.Generation.Id == generation) && (endpoint is null || one.Endpoint.Id == endpoint))
            .Select(one => drift.Read(one.Generation, one.Endpoint, window));
        return TypedResults.Json(new DriftAnswer { Reports = [.. withCounts ? reports : reports.Select(DriftComparison.WithoutCounts)] }, DriftJson.Default.DriftAnswer);
    }

    private static string WindowOf(HttpRequest request, DriftReader drift)
    {
        var window = QueryValues.Text(request, "window") ?? drift.Windows[0];
        if (drift.Windows.Contains(window)) return window;
        var message = $"There is no window '{window}'. This node keeps: {string.Join(", ", drift.Windows)}.";
        throw (ApiError.BadRequest(message, message, "UnknownWindow") with { Errors = [new ApiErrorItem("window", "UnknownWindow", message)] }).AsException();
    }

    private static ApiErrorException NotFound(string what, string id, string service, IEnumerable<string> known)
    {
        var message = $"No loaded {what} '{id}' of service '{service}' is on this node.";
        var names = string.Join(", ", known.Distinct(StringComparer.Ordinal).Select(name => $"'{name}'"));
        return ApiError.NotFound(message, $"{message} Loaded: {(names.Length == 0 ? "none" : names)}.", what == "endpoint" ? "EndpointNotFound" : "GenerationNotFound").AsException();
    }
}
