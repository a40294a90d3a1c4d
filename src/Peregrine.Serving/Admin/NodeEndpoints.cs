using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.Admin;

/// <summary>Counts as JSON, and the calls about caches that this node does not need.</summary>
internal static class NodeEndpoints
{
    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/metrics", Metrics);
        admin.MapDelete("/model-cache", NothingCached);
        admin.MapDelete("/cached-code-envs", NothingCached);
        admin.MapPost("/model-cache", NotNeeded);
        admin.MapPost("/cached-code-envs", NotNeeded);
        admin.MapPost("/register-global-code-env", NotNeeded);
    }

    private static ContentHttpResult Metrics(ServingMetrics metrics) => TypedResults.Text(Describe(metrics).ToJsonString(), "application/json");

    private static JsonObject Describe(ServingMetrics metrics) => new()
    {
        ["endpoints"] = new JsonArray([.. metrics.Meters.Select(meter => (JsonNode)Describe(meter))]),
        ["queryLog"] = new JsonObject
        {
            ["lines"] = metrics.Log.WrittenLines,
            ["waitingBytes"] = metrics.Log.WaitingBytes,
            ["dropped"] = new JsonObject
            {
                ["bufferFull"] = metrics.Log.DroppedFull, ["lineTooLong"] = metrics.Log.DroppedTooLong, ["disk"] = metrics.Log.DroppedDisk,
            },
        },
    };

    private static JsonObject Describe(EndpointMeter meter)
    {
        var requests = new JsonObject();
        foreach (var outcome in Enum.GetValues<PredictionOutcome>()) requests[EndpointMeter.NameOf(outcome)] = meter.Requests(outcome);
        var count = meter.Latency.Count;
        return new JsonObject
        {
            ["serviceId"] = meter.Service,
            ["endpointId"] = meter.Endpoint,
            ["generation"] = meter.Generation.Length == 0 ? null : meter.Generation,
            ["requests"] = requests,
            ["rows"] = meter.Rows,
            ["latencyMs"] = new JsonObject
            {
                ["mean"] = count == 0 ? 0 : meter.Latency.TotalMicroseconds / 1000.0 / count,
                ["p50"] = meter.Latency.Percentile(0.5) / 1000.0,
                ["p90"] = meter.Latency.Percentile(0.9) / 1000.0,
                ["p99"] = meter.Latency.Percentile(0.99) / 1000.0,
            },
        };
    }

    private static ContentHttpResult NothingCached() => Done.With(new JsonObject { ["deleted"] = new JsonArray() });

    private static ApiErrorResult NotNeeded() => new(ApiError.Of(
        StatusCodes.Status501NotImplemented, "NotImplemented", "Packages are self-contained: this node keeps no code environments and no model cache.",
        "Packages are self-contained: this node keeps no code environments and no model cache. Leave this call out."));
}
