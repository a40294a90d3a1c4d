using System.Text;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Records;

namespace Peregrine.Packages.Tests;

/// <summary>Small real models of each kind.</summary>
internal static class Models
{
    public static readonly string[] Inputs =
    [
        """{"amount":12.5,"country":"FR"}""",
        """{"amount":null,"country":"GB"}""",
        """{"amount":0.1,"country":"ünknown \"quoted\""}""",
        """{"amount":-1e300,"country":null}""",
    ];

    public static ModelArtifact Binary(Func<ModelSpec, ModelSpec>? change = null) => Of(
        PredictionKind.BinaryClassification, ["0", "1"],
        new LinearPredictorSpec { Link = Link.Logistic, Weights = [[0.3, -0.7, 0.1]], Intercepts = [0.05] },
        spec => (change ?? (same => same))(spec with { Percentiles = [.. Enumerable.Range(1, 100).Select(i => i / 101.0)] }));

    public static ModelArtifact Multiclass(Func<ModelSpec, ModelSpec>? change = null) => Of(
        PredictionKind.Multiclass, ["lo\"w", "mïd", "high"],
        new LinearPredictorSpec
        {
            Link = Link.Softmax, Weights = [[0.3, 0, 0.1], [0.2, -0.7, 0.1], [0.1, 0.7, 0.1]], Intercepts = [0.05, 0, 0.3],
        }, change);

    public static ModelArtifact Regression(Func<ModelSpec, ModelSpec>? change = null) => Of(
        PredictionKind.Regression, [],
        new LinearPredictorSpec { Link = Link.Identity, Weights = [[0.1, -0.7, 0.1]], Intercepts = [0.2] }, change);

    public static ModelArtifact Clusters(Func<ModelSpec, ModelSpec>? change = null) => Of(
        PredictionKind.Clustering, ["cluster_0", "clüster \"1\"", "cluster_outliers"],
        new CentroidPredictorSpec { Link = Link.Nearest, Centroids = [[0, 0, 0], [3, 0, 1]], OutlierDistance = 6 },
        spec => (change ?? (same => same))(spec with { Target = "", IgnoredFields = ["id"] }));

    /// <summary>Two trees: on the amount, then on the country being FR; on the country being GB.</summary>
    public static ModelArtifact Trees() => Of(
        PredictionKind.BinaryClassification, ["0", "1"], new TreePredictorSpec { Link = Link.Logistic }, change: null) with
    {
        Trees = new TreeEnsemble
        {
            Width = 3, Outputs = 1, Average = false, Roots = [0, 2], Feature = [0, 1, 2], Threshold = [0.5, 0.5, 0.5],
            Left = [1, ~0, ~3], Right = [~2, ~1, ~4], Flags = [0, 1, 2], LeafValue = [-1, 0.25, 0.5, -0.125, 0.75],
            SetStarts = [0], SetWords = [], NodeCover = [10, 6, 10], LeafCover = [3, 3, 4, 5, 5],
        },
    };

    public static IEnumerable<ReadOnlyMemory<byte>> Utf8(params IEnumerable<string> texts) =>
        texts.Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text));

    private static ModelArtifact Of(
        PredictionKind prediction, string[] classes, PredictorSpec predictor, Func<ModelSpec, ModelSpec>? change)
    {
        var spec = new ModelSpec
        {
            Prediction = prediction,
            Target = "is_fraud",
            Classes = classes,
            Inputs = [new("amount", FieldKind.Number), new("country", FieldKind.Text)],
            IgnoredFields = ["id", "is_fraud"],
            Features =
            [
                new NumberFeature { Field = "amount", Impute = 1, Scale = 3 },
                new OneHotFeature { Field = "country", Values = ["FR", "GB"] },
            ],
            Predictor = predictor,
        };
        return new ModelArtifact { Spec = change?.Invoke(spec) ?? spec };
    }
}
