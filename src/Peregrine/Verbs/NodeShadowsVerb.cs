using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>How the shadows of a service compare with what callers got.</summary>
internal static class NodeShadowsVerb
{
    public static Command Create()
    {
        var service = NodeVerb.Service();
        var json = ClientVerb.Json();
        return NodeVerb.Create("shadows", "Compare the answers of shadow generations with those that callers got.", [service, json], async (node, parsed, cancellationToken) =>
        {
            var report = await node.GetShadowsAsync(parsed.GetRequiredValue(service), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(report);
            else
                Output.Table(
                    ["ENDPOINT", "ANSWERED", "SHADOW", "RECORDS", "AGREEMENT", "FLIPS", "FAILED", "MEAN DISTANCE", "MAX DISTANCE", "SHADOW P99 MS"],
                    (report["comparisons"] as JsonArray ?? []).Select(Row));
        });
    }

    private static string[] Row(JsonNode? one) =>
    [
        NodeVerb.Text(one, "endpointId"), NodeVerb.Text(one, "primary"), NodeVerb.Text(one, "shadow"), NodeVerb.Text(one, "records"), Figure(one?["agreement"], "P2"),
        NodeVerb.Text(one, "flips"), NodeVerb.Text(one, "failed"), Figure(one?["scoreDistance"]?["mean"], "G4"), Figure(one?["scoreDistance"]?["max"], "G4"),
        Figure(one?["latencyMs"]?["shadow"]?["p99"], "0.###"),
    ];

    private static string Figure(JsonNode? value, string format) =>
        value is JsonValue number && number.TryGetValue<double>(out var figure) ? figure.ToString(format, CultureInfo.InvariantCulture) : "";
}
