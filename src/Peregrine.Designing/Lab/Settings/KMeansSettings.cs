using System.Globalization;
using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Training.Clustering;

namespace Peregrine.Designing.Lab.Settings;

/// <summary>
/// The members of a clustering task's settings that say how clusters are looked for: <c>modeling.kmeans_clustering</c>, and <c>preprocessing.outliers</c>:
/// <c>{"method":"NONE"}</c>, or <c>{"method":"CLUSTER","share":0.01}</c>.
/// </summary>
internal static class KMeansSettings
{
    private const int DefaultSeed = 1337;
    private const double DefaultOutlierShare = 0.01;

    public static JsonObject Default()
    {
        var spec = new ClusteringSpec();
        return new JsonObject
        {
            ["enabled"] = true,
            ["k"] = new JsonArray([.. spec.Clusters.Select(count => (JsonNode)count)]),
            ["n_init"] = spec.Restarts,
            ["max_iter"] = spec.MostIterations,
            ["silhouette_rows"] = spec.SilhouetteRows,
            ["max_fit_rows"] = spec.MostFitRows,
            ["seed"] = DefaultSeed,
        };
    }

    /// <param name="fault">Takes pointer, code and message of what cannot be used; the answer is then of no use.</param>
    public static (ClusteringSpec Spec, int Seed) Read(JsonObject settings, Action<string, string, string> fault)
    {
        var members = settings.Child("modeling").Child(AlgorithmCatalog.KMeans);
        var plain = new ClusteringSpec();
        int Whole(string name, int standard, int least, int most)
        {
            if (!members.ContainsKey(name)) return standard;
            if (members.Number(name) is { } value && double.IsInteger(value) && value >= least && value <= most) return (int)value;
            fault($"/modeling/{AlgorithmCatalog.KMeans}/{name}", "BadNumber", string.Create(CultureInfo.InvariantCulture, $"'{name}' is {members[name]?.ToJsonString() ?? "null"}; give a whole number from {least} to {most}."));
            return standard;
        }

        var spec = new ClusteringSpec
        {
            Clusters = Clusters(members, plain, fault),
            Restarts = Whole("n_init", plain.Restarts, 1, ClusteringSpec.MostRestarts),
            MostIterations = Whole("max_iter", plain.MostIterations, 1, ClusteringSpec.MostIterationsAllowed),
            SilhouetteRows = Whole("silhouette_rows", plain.SilhouetteRows, 100, ClusteringSpec.MostSilhouetteRows),
            MostFitRows = Whole("max_fit_rows", plain.MostFitRows, ClusteringSpec.FewestFitRows, int.MaxValue),
            OutlierShare = OutlierShare(settings.Child("preprocessing").Child("outliers"), fault),
        };
        return (spec, Whole("seed", DefaultSeed, 0, int.MaxValue));
    }

    /// <summary>One number or a list of them.</summary>
    private static IReadOnlyList<int> Clusters(JsonObject members, ClusteringSpec plain, Action<string, string, string> fault)
    {
        if (!members.ContainsKey("k")) return plain.Clusters;
        var given = members["k"] is JsonArray list ? [.. list] : new List<JsonNode?> { members["k"] };
        var counts = given.Select(node => node is JsonValue value && value.TryGetValue<int>(out var count) ? count : 0).ToList();
        if (counts.Count is > 0 and <= ClusteringSpec.MostCandidates && counts.TrueForAll(count => count is >= ClusteringSpec.FewestClusters and <= ClusteringSpec.MostClusters)) return counts;
        fault(
            $"/modeling/{AlgorithmCatalog.KMeans}/k", "BadClusters",
            $"'k' is {members["k"]?.ToJsonString() ?? "null"}; give a number of clusters from {ClusteringSpec.FewestClusters} to {ClusteringSpec.MostClusters}, or a list of up to {ClusteringSpec.MostCandidates} such numbers to choose from.");
        return plain.Clusters;
    }

    private static double OutlierShare(JsonObject outliers, Action<string, string, string> fault)
    {
        switch (outliers.String("method") ?? "NONE")
        {
            case "NONE":
                return 0;
            case "CLUSTER":
                var share = outliers.ContainsKey("share") ? outliers.Number("share") : DefaultOutlierShare;
                if (share is > 0 and <= ClusteringSpec.LargestOutlierShare) return share.Value;
                fault("/preprocessing/outliers/share", "BadShare", string.Create(CultureInfo.InvariantCulture, $"The share of outliers is {outliers["share"]?.ToJsonString() ?? "null"}; give one above 0 and up to {ClusteringSpec.LargestOutlierShare}."));
                return 0;
            case var method:
                fault("/preprocessing/outliers/method", "OutliersNotDone", $"Outliers by '{method}' are not done; use NONE, or CLUSTER for a cluster of their own.");
                return 0;
        }
    }
}
