using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Http;
using Peregrine.Serving.Admin;
using Peregrine.Serving.Changes;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Shadows;

/// <summary>How the shadows of a service compare with what callers got.</summary>
internal static class ShadowEndpoints
{
    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/services/{service}/shadows", Get);
        admin.MapDelete("/services/{service}/shadows", Reset);
    }

    /// <summary>With <c>counts=true</c> the latencies come with their buckets, so that those of several nodes can be added up.</summary>
    private static ContentHttpResult Get(string service, HttpRequest request, NodeState node, ShadowBoard board, ShadowQueue queue, IOptions<ShadowOptions> options)
    {
        var found = Known.Service(node.Current, service);
        var withCounts = QueryValues.Boolean(request, "counts");
        var report = new JsonObject
        {
            ["serviceId"] = service,
            ["shadows"] = new JsonArray([.. (found.Document.Mapping?.Shadows ?? []).Select(shadow => (JsonNode)new JsonObject
            {
                ["generation"] = shadow.Generation, ["share"] = shadow.Share, ["loaded"] = found.Generations.GetValueOrDefault(shadow.Generation)?.Loaded is not null,
            })]),
            ["cpuShare"] = options.Value.CpuShare,
            ["queue"] = new JsonObject
            {
                ["waiting"] = queue.Waiting,
                ["waitingBytes"] = queue.WaitingBytes,
                ["length"] = options.Value.QueueLength,
                ["dropped"] = new JsonObject { ["queueFull"] = queue.DroppedFull, ["released"] = queue.DroppedReleased },
            },
            ["records"] = Describe(queue.Totals),
            ["comparisons"] = new JsonArray([.. board.OfService(service).Select(one => (JsonNode)Describe(one, withCounts))]),
        };
        return TypedResults.Text(report.ToJsonString(), "application/json");
    }

    private static ContentHttpResult Reset(string service, NodeState node, ShadowBoard board)
    {
        _ = Known.Service(node.Current, service);
        board.Reset(service);
        return Done.Ok();
    }

    private static JsonObject Describe(ShadowComparison comparison, bool withCounts)
    {
        var counts = comparison.Counts;
        return new JsonObject
        {
            ["endpointId"] = comparison.Pair.Endpoint,
            ["primary"] = comparison.Pair.Primary,
            ["shadow"] = comparison.Pair.Shadow,
            ["records"] = counts.Records,
            ["agreed"] = counts.Agreed,
            ["agreement"] = counts.Records == 0 ? null : (double)counts.Agreed / counts.Records,
            ["flips"] = counts.Flips,
            ["flipPairs"] = new JsonArray([.. comparison.Flips.Select(flip => (JsonNode)new JsonObject { ["from"] = flip.From, ["to"] = flip.To, ["count"] = flip.Count })]),
            ["ignoredDiffer"] = counts.IgnoredDiffer,
            ["failed"] = counts.Failed,
            ["lastFailure"] = counts.LastFailure,
            ["scoreDistance"] = new JsonObject
            {
                ["records"] = counts.Compared, ["mean"] = counts.Compared == 0 ? null : counts.SumOfDistances / counts.Compared, ["max"] = counts.Compared == 0 ? null : counts.LargestDistance,
            },
            ["latencyMs"] = new JsonObject { ["primary"] = Describe(comparison.PrimaryLatency, withCounts), ["shadow"] = Describe(comparison.ShadowLatency, withCounts) },
        };
    }

    /// <summary>Of all services of the node.</summary>
    private static JsonObject Describe(ShadowTotals totals) => new()
    {
        ["offered"] = totals.Offered,
        ["compared"] = totals.Compared,
        ["failed"] = totals.Failed,
        ["own"] = totals.Own,
        ["dropped"] = new JsonObject { ["queueFull"] = totals.Full, ["released"] = totals.Released },
    };

    private static JsonObject Describe(LatencyBuckets latency, bool withCounts)
    {
        var count = latency.Count;
        var figures = new JsonObject
        {
            ["count"] = count,
            ["mean"] = count == 0 ? 0 : latency.TotalMicroseconds / 1000.0 / count,
            ["p50"] = latency.Percentile(0.5) / 1000.0,
            ["p99"] = latency.Percentile(0.99) / 1000.0,
        };
        if (withCounts) figures["buckets"] = new JsonArray([.. latency.Filled().Select(bucket => (JsonNode)new JsonArray(bucket.UpperMicroseconds, bucket.Count))]);
        return figures;
    }
}
