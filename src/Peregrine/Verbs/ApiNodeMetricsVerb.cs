using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>Counts and latencies of a node.</summary>
internal static class ApiNodeMetricsVerb
{
    public static Command Create()
    {
        var json = ClientVerb.Json();
        return ApiNodeAdminVerbs.Verb("metrics", "Show counts and latencies by endpoint and generation.", [json], async (node, parsed, cancellationToken) =>
        {
            var metrics = await node.MetricsAsync(cancellationToken);
            if (parsed.GetValue(json)) Output.Json(metrics);
            else Output.Table(
                ["ENDPOINT", "GENERATION", "OK", "OTHER", "ROWS", "P50 MS", "P99 MS", "P999 MS", "P99 MS NOW"],
                (metrics["endpoints"] as JsonArray ?? []).Select(one => Row(one!)));
        });
    }

    private static string[] Row(JsonNode one)
    {
        var requests = one["requests"] as JsonObject ?? [];
        var all = requests.Sum(outcome => (long?)outcome.Value ?? 0);
        var ok = (long?)requests["ok"] ?? 0;
        return
        [
            $"{ApiNodeAdminVerbs.Text(one, "serviceId")}/{ApiNodeAdminVerbs.Text(one, "endpointId")}", ApiNodeAdminVerbs.Text(one, "generation"),
            ok.ToString(CultureInfo.InvariantCulture), (all - ok).ToString(CultureInfo.InvariantCulture), ApiNodeAdminVerbs.Text(one, "rows"),
            Text(one["latencyMs"]?["p50"]), Text(one["latencyMs"]?["p99"]), Text(one["latencyMs"]?["p999"]), Text(one["recent"]?["latencyMs"]?["p99"]),
        ];
    }

    private static string Text(JsonNode? number) => number?.ToString() ?? "-";
}
