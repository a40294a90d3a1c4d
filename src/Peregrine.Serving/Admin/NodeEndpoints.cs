using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Peregrine.Models;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.QueryLog.Sinks;

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

    private static ContentHttpResult Metrics(ServingMetrics metrics, RecentLatency recent, QueryLogSinks sinks) =>
        TypedResults.Text(Describe(metrics, recent, sinks).ToJsonString(), "application/json");

    private static JsonObject Describe(ServingMetrics metrics, RecentLatency recent, QueryLogSinks sinks) => new()
    {
        ["endpoints"] = new JsonArray([.. metrics.Meters.Select(meter => (JsonNode)Describe(meter, recent))]),
        ["queryLog"] = new JsonObject
        {
            ["lines"] = metrics.Log.WrittenLines,
            ["waitingBytes"] = metrics.Log.WaitingBytes,
            ["dropped"] = new JsonObject
            {
                ["bufferFull"] = metrics.Log.DroppedFull, ["lineTooLong"] = metrics.Log.DroppedTooLong, ["disk"] = metrics.Log.DroppedDisk,
                ["columns"] = metrics.Log.DroppedFilter,
            },
            ["sinks"] = new JsonArray([.. sinks.Counts.Select(sink => (JsonNode)Describe(sink))]),
        },
    };

    private static JsonObject Describe(SinkCounts sink) => new()
    {
        ["name"] = sink.Name,
        ["lines"] = sink.Sent,
        ["retries"] = sink.Retries,
        ["waitingBytes"] = sink.WaitingBytes,
        ["dropped"] = new JsonObject(Enum.GetValues<SinkDrop>().Select(reason => KeyValuePair.Create(SinkCounts.NameOf(reason), (JsonNode?)sink.Dropped(reason)))),
    };

    private static JsonObject Describe(EndpointMeter meter, RecentLatency recent)
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
            ["ignored"] = new JsonObject(IgnoreReasons.All.Select((reason, place) => KeyValuePair.Create(reason, (JsonNode?)meter.Ignored[place]))),
            ["schema"] = new JsonObject(SchemaCounts.Names.Select((name, kind) => KeyValuePair.Create(name, (JsonNode?)meter.Schema[kind]))),
            ["latencyMs"] = Latency(meter.Latency.Copy(), count == 0 ? 0 : meter.Latency.TotalMicroseconds / 1000.0 / count),
            ["recent"] = Recent(recent.Of(meter)),
        };
    }

    private static JsonObject Recent(RecentLatency.Window window) => new()
    {
        ["seconds"] = Math.Round(window.Length.TotalSeconds, 3),
        ["requests"] = window.Requests,
        ["requestsPerSecond"] = window.Length > TimeSpan.Zero ? Math.Round(window.Requests / window.Length.TotalSeconds, 3) : 0,
        ["latencyMs"] = Latency(window.Counts, window.Requests == 0 ? 0 : window.TotalMicroseconds / 1000.0 / window.Requests),
    };

    private static JsonObject Latency(long[] counts, double mean) => new()
    {
        ["mean"] = mean,
        ["p50"] = LatencyBuckets.Percentile(counts, 0.5) / 1000.0,
        ["p90"] = LatencyBuckets.Percentile(counts, 0.9) / 1000.0,
        ["p99"] = LatencyBuckets.Percentile(counts, 0.99) / 1000.0,
        ["p999"] = LatencyBuckets.Percentile(counts, 0.999) / 1000.0,
    };

    private static ContentHttpResult NothingCached() => Done.With(new JsonObject { ["deleted"] = new JsonArray() });

    private static ApiErrorResult NotNeeded() => new(ApiError.Of(
        StatusCodes.Status501NotImplemented, "NotImplemented", "Packages are self-contained: this node keeps no code environments and no model cache.",
        "Packages are self-contained: this node keeps no code environments and no model cache. Leave this call out."));
}
