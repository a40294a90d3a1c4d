using System.Globalization;
using System.Text.Json.Nodes;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>Clusters of a model with what sets each apart most.</summary>
internal static class ClusterTable
{
    private const int MostFacts = 3;

    /// <param name="clusters">The list <c>facts.clusters</c> of a model's details.</param>
    public static void Print(JsonArray clusters) => Output.Table(
        ["CLUSTER", "ROWS", "SHARE", "WHAT SETS IT APART"],
        clusters.OfType<JsonObject>().Select(cluster => new[]
        {
            (string?)cluster["name"] ?? "?",
            ((long?)cluster["size"] ?? 0).ToString("N0", CultureInfo.InvariantCulture),
            ((double?)cluster["share"] ?? 0).ToString("0.0 %", CultureInfo.InvariantCulture),
            string.Join("; ", (cluster["facts"] as JsonArray ?? []).OfType<JsonObject>().Take(MostFacts).Select(Words)),
        }));

    /// <summary><c>amount 182.4, overall 70.1</c>, or <c>country FR 81 %, overall 40 %</c>.</summary>
    private static string Words(JsonObject fact) => (string?)fact["value"] is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{fact["feature_label"]} {value} {(double)fact["cluster_share"]!:0 %}, overall {(double)fact["global_share"]!:0 %}")
        : string.Create(CultureInfo.InvariantCulture, $"{fact["feature_label"]} {(double)fact["cluster_mean"]!:G4}, overall {(double)fact["global_mean"]!:G4}");
}
