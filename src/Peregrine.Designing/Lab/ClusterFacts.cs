using System.Text.Json.Nodes;
using Peregrine.Training.Evaluation;

namespace Peregrine.Designing.Lab;

/// <summary>Clusters as the wire shows them: <c>{"clusters":[{"size":53,"facts":[{"feature_label":"sepal_width",…}]}]}</c>.</summary>
internal static class ClusterFacts
{
    public static JsonObject? Of(ClusteringEvaluation? evaluation, JsonObject userMeta) => evaluation is null ? null : new JsonObject
    {
        ["clusters"] = new JsonArray([.. evaluation.Clusters.Zip(ClusterLabels.Of(userMeta, [.. evaluation.Clusters.Select(cluster => cluster.Label)]), (cluster, label) => new JsonObject
        {
            ["name"] = label,
            ["id"] = cluster.Label,
            ["size"] = cluster.Rows,
            ["share"] = cluster.Share,
            ["facts"] = new JsonArray([.. cluster.Facts.Select(Fact)]),
        })]),
    };

    private static JsonObject Fact(ClusterFact fact)
    {
        var isNumber = fact.Value is null;
        var wire = new JsonObject { ["feature_label"] = fact.Field, ["type"] = isNumber ? "NUMERIC" : "CATEGORY" };
        if (!isNumber) wire["value"] = fact.Value;
        wire[isNumber ? "cluster_mean" : "cluster_share"] = fact.Inside;
        wire[isNumber ? "global_mean" : "global_share"] = fact.Overall;
        wire["effect"] = fact.Effect;
        return wire;
    }
}
