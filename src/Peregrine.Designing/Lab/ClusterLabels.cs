using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Models;
using Peregrine.Models.Artifacts;

namespace Peregrine.Designing.Lab;

/// <summary>Names that people gave to clusters: the member <c>clusterLabels</c> of a model's user meta, <c>{"cluster_0":"Regulars"}</c>. Packages carry them.</summary>
internal static class ClusterLabels
{
    private const string Member = "clusterLabels";
    private const int Longest = 100;

    /// <exception cref="Hosting.Errors.ApiErrorException">400: a name is none, names no cluster, or two clusters would have the same.</exception>
    public static void Check(JsonObject userMeta, string predictionType, IReadOnlyList<string> classes)
    {
        if (userMeta[Member] is null) return;
        if (predictionType != PredictionTypes.Clustering) throw Refusal.Invalid($"'{Member}' names clusters; this model has none.");
        if (userMeta[Member] is not JsonObject names) throw Refusal.Invalid($"'{Member}' is an object such as {{\"cluster_0\":\"Regulars\"}}.");
        foreach (var (cluster, name) in names)
        {
            if (!classes.Contains(cluster, StringComparer.Ordinal)) throw Refusal.Invalid($"There is no cluster '{cluster}' to name; there are {string.Join(", ", classes)}.");
            if (name is not JsonValue value || !value.TryGetValue<string>(out var text) || text.Trim().Length is 0 or > Longest)
                throw Refusal.Invalid($"The name of '{cluster}' is a text of 1 to {Longest} characters.");
        }

        if (Of(userMeta, classes).GroupBy(label => label, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Refusal.Invalid($"Two clusters would have the name '{twice.Key}'. Give each its own.");
    }

    /// <summary>The labels of the classes, as named.</summary>
    public static IReadOnlyList<string> Of(JsonObject userMeta, IReadOnlyList<string> classes) =>
        userMeta[Member] is JsonObject names ? [.. classes.Select(label => names.String(label) ?? label)] : classes;

    /// <summary>The model with the labels that its user meta gives it.</summary>
    public static ModelArtifact Apply(ModelArtifact artifact, JsonObject userMeta)
    {
        if (artifact.Spec.Prediction != PredictionKind.Clustering || userMeta[Member] is not JsonObject) return artifact;
        var labels = Of(userMeta, artifact.Spec.Classes);
        var reference = artifact.Reference is { Predictions: [var distance, var cluster] } seen ? seen with { Predictions = [distance, cluster with { Values = labels }] } : artifact.Reference;
        return artifact with { Spec = artifact.Spec with { Classes = labels }, Reference = reference };
    }
}
