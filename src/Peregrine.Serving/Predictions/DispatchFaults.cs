using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Kinds;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Predictions;

/// <summary>Requests that no generation can take.</summary>
internal static class DispatchFaults
{
    private static readonly string[] s_predictionCalls = ["predict", "predict-multi", "predict-simple"];

    public static ApiError UnknownGeneration(ServiceSnapshot service, string generation)
    {
        var loaded = string.Join(", ", service.Forceable.Select(target => $"'{target.Id}'").Order(StringComparer.Ordinal));
        var message = service.Generations.ContainsKey(generation)
            ? $"Generation '{generation}' of service '{service.Id}' is not loaded."
            : $"Service '{service.Id}' has no generation '{generation}'.";
        return ApiError.NotFound(message, $"{message} Loaded: {loaded}.", "GenerationNotFound") with
        {
            Errors = [new ApiErrorItem("/dispatch/forcedGeneration", "GenerationNotFound", message)],
        };
    }

    public static ApiError NotInGeneration(EndpointRoute route, LoadedGeneration generation)
    {
        var message = $"Endpoint '{route.EndpointId}' is not in generation '{generation.Id}' of service '{route.Service.Id}'.";
        if (generation.Has(route.EndpointId)) message = $"Endpoint '{route.EndpointId}' of generation '{generation.Id}' is of another kind, which has no such call.";
        return ApiError.NotFound(message, $"{message} That generation has: {string.Join(", ", generation.EndpointIds.Order(StringComparer.Ordinal))}.", "EndpointNotFound");
    }

    public static ApiError NotServing(ServiceSnapshot service) => ApiError.ServiceUnavailable(
        $"Service '{service.Id}' does not answer now.", $"Service '{service.Id}' does not answer now: {service.WhyNotServing()}", "ServiceNotServing");

    public static ApiError UnknownService(NodeSnapshot node, string service)
    {
        if (node.Unreadable.TryGetValue(service, out var reason))
            return ApiError.ServiceUnavailable($"Service '{service}' could not be loaded.", $"Service '{service}' could not be loaded: {reason}", "ServiceNotServing");
        var near = NearestName.Find(service, node.Services.Keys);
        var message = $"There is no API service '{service}' on this node.";
        return ApiError.NotFound(message, near is null ? $"{message} Deploy it first." : $"{message} Did you mean '{near}'?", "ServiceNotFound");
    }

    public static ApiError UnknownEndpoint(ServiceSnapshot service, string endpoint)
    {
        var known = service.Forceable.SelectMany(generation => generation.EndpointIds).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var near = NearestName.Find(endpoint, known);
        var message = $"Service '{service.Id}' has no endpoint '{endpoint}'.";
        return ApiError.NotFound(
            message, near is null ? $"{message} It has: {string.Join(", ", known)}." : $"{message} Did you mean '{near}'?", "EndpointNotFound");
    }

    public static ApiError UnknownCall(ServiceSnapshot service, string endpoint, string call)
    {
        string[] known =
        [
            .. service.Forceable.Any(generation => generation.Endpoints.ContainsKey(endpoint)) ? s_predictionCalls : [],
            .. service.Forceable.Select(generation => generation.OfKinds.GetValueOrDefault(endpoint)).OfType<KindEndpoint>().SelectMany(of => of.Kind.Calls).Select(one => one.Name).Distinct(StringComparer.Ordinal),
        ];
        var near = NearestName.Find(call, known);
        var message = $"Endpoint '{endpoint}' of service '{service.Id}' has no call '{call}'.";
        return ApiError.NotFound(message, near is null ? $"{message} It has: {string.Join(", ", known)}." : $"{message} Did you mean '{near}'?", "CallNotFound");
    }
}
