using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Models.Preparation;
using Peregrine.Records;

namespace Peregrine.Serving.Tests;

/// <summary>Small real models.</summary>
internal static class TestModels
{
    /// <summary>Inputs amount, country, online, at; classes 0 and 1.</summary>
    /// <param name="bias">Tells one model's answers from another's.</param>
    public static ModelArtifact Binary(double bias = 0.05, Func<ModelSpec, ModelSpec>? change = null)
    {
        var spec = new ModelSpec
        {
            Prediction = PredictionKind.BinaryClassification,
            Target = "is_fraud",
            Classes = ["0", "1"],
            Inputs = [new("amount", FieldKind.Number), new("country", FieldKind.Text), new("online", FieldKind.Boolean), new("at", FieldKind.DateTime)],
            IgnoredFields = ["id", "is_fraud"],
            Features =
            [
                new NumberFeature { Field = "amount", Impute = 1, Scale = 3 },
                new OneHotFeature { Field = "country", Values = ["FR", "GB"] },
                new NumberFeature { Field = "online", Impute = 0 },
                new DatePartFeature { Field = "at", Part = DatePart.Hour },
            ],
            Predictor = new LinearPredictorSpec { Link = Link.Logistic, Weights = [[0.3, -0.7, 0.1, 0.4, 0.02]], Intercepts = [bias], Means = [2, 0.5, 0.25, 0.5, 12] },
            Percentiles = [.. Enumerable.Range(1, 100).Select(i => i / 101.0)],
        };
        return new ModelArtifact { Spec = change?.Invoke(spec) ?? spec };
    }

    /// <summary>The inputs of <see cref="Binary"/> and three clusters, records beyond 10 from all of them being outliers; one without amount is ignored.</summary>
    public static ModelArtifact Clusters(Func<ModelSpec, ModelSpec>? change = null)
    {
        return Binary(change: spec => (change ?? (same => same))(spec with
        {
            Prediction = PredictionKind.Clustering,
            Target = "",
            Classes = ["cluster_0", "cluster \"one\"", "cluster_2", "cluster_outliers"],
            Features = [.. spec.Features.SkipLast(1), new DatePartFeature { Field = "at", Part = DatePart.Hour, Impute = 12, Center = 12, Scale = 6 }],
            DropIfMissing = ["amount"],
            Predictor = new CentroidPredictorSpec { Link = Link.Nearest, Centroids = [[0.5, 1, 0, 0.25, 0], [4, 0, 1, 1, 0.5], [15, 0.5, 0, 1, -1]], OutlierDistance = 10 },
            Percentiles = null,
        }));
    }

    /// <summary>Inputs card, amount, online; a card's limit, home and first day are looked up. The key 043 stands in two rows of the table; who looks for it, or for what is not there, is ignored.</summary>
    public static ModelArtifact Lookups() => new()
    {
        Spec = new ModelSpec
        {
            FormatVersion = 2,
            Prediction = PredictionKind.BinaryClassification,
            Target = "is_fraud",
            Classes = ["0", "1"],
            Inputs = [new("card", FieldKind.Text), new("amount", FieldKind.Number), new("online", FieldKind.Boolean)],
            Steps =
            [
                new CleanTextStep { Field = "card" },
                new RangeStep { Field = "amount", Min = 0, Max = 100 },
                new LookupStep
                {
                    Table = "cards", Key = "card", Columns = [new("limit"), new("city", "home \"town\""), new("since")], OnMultiple = MultipleMatches.Ignore, OnNoMatch = NoMatch.Ignore,
                },
                new RatioStep { Numerator = "amount", Denominator = "limit", Output = "share" },
            ],
            Features = [new NumberFeature { Field = "amount", Impute = 0, Scale = 10 }, new NumberFeature { Field = "limit", Impute = 100, Scale = 100 }],
            Predictor = new LinearPredictorSpec { Link = Link.Logistic, Weights = [[0.3, -0.2]], Intercepts = [0.1], Means = [1, 2] },
        },
        Lookups = new Dictionary<string, LookupTable>(StringComparer.Ordinal)
        {
            ["cards"] = LookupTable.OfFirstRows(
                [.. new[] { "042", "043", "043", "044" }.Select(key => System.Text.Encoding.UTF8.GetBytes(key))],
                [
                    new(new("limit", FieldKind.Number), [500, 1, 2, double.NaN]),
                    new(new("city", FieldKind.Text), new byte[]?[] { "Z\u00FCrich"u8.ToArray(), "Bern"u8.ToArray(), "Basel"u8.ToArray(), null }),
                    new(new("since", FieldKind.Date), [1_580_428_800, 0, 0, double.NaN]),
                ], marksRepeated: true),
        },
    };

    /// <summary>One input, so that a body of another schema does not fit.</summary>
    public static ModelArtifact OtherSchema() => new()
    {
        Spec = new ModelSpec
        {
            Prediction = PredictionKind.Regression,
            Target = "price",
            Classes = [],
            Inputs = [new("area", FieldKind.Number)],
            Features = [new NumberFeature { Field = "area", Impute = 0 }],
            Predictor = new LinearPredictorSpec { Link = Link.Identity, Weights = [[2]], Intercepts = [1] },
        },
    };

    /// <summary>As many number inputs as wanted, <c>f0</c> on, for tests of what grows with them.</summary>
    public static ModelArtifact Wide(int inputs) => new()
    {
        Spec = new ModelSpec
        {
            Prediction = PredictionKind.Regression,
            Target = "y",
            Classes = [],
            Inputs = [.. Enumerable.Range(0, inputs).Select(i => new Field($"f{i}", FieldKind.Number))],
            Features = [.. Enumerable.Range(0, inputs).Select(i => new NumberFeature { Field = $"f{i}" })],
            Predictor = new LinearPredictorSpec { Link = Link.Identity, Weights = [[.. Enumerable.Range(0, inputs).Select(i => i / 10.0)]], Intercepts = [1] },
        },
    };

    /// <summary>The inputs of <see cref="Binary"/> with 80 random trees of 31 leaves behind them; a record without amount is ignored.</summary>
    public static ModelArtifact Trees(Func<ModelSpec, ModelSpec>? change = null)
    {
        const int TreeCount = 80;
        const int Leaves = 31;
        var random = new Random(31);
        var model = Binary(change: spec => spec with
        {
            Features =
            [
                new NumberFeature { Field = "amount" },
                new CategoryFeature { Field = "country", Values = ["FR", "GB", "DE"] },
                new NumberFeature { Field = "online" },
                new DatePartFeature { Field = "at", Part = DatePart.TimeOfDay },
            ],
            DropIfMissing = ["amount"],
            Predictor = new TreePredictorSpec { Link = Link.Logistic },
        });
        List<int> feature = [], left = [], right = [];
        List<double> threshold = [], leaves = [];
        List<byte> flags = [];
        int Grow(int count)
        {
            if (count == 1)
            {
                leaves.Add((random.NextDouble() - 0.5) / 10);
                return ~(leaves.Count - 1);
            }

            var node = feature.Count;
            var column = random.Next(4);
            feature.Add(column);
            threshold.Add(column switch { 0 => random.NextDouble() * 250, 1 => random.Next(2), 2 => 0.5, _ => random.NextDouble() * 24 });
            flags.Add(column == 1 ? TreeEnsemble.IsCategory : (byte)(random.Next(2) | ((byte)MissingRule.NaN << 1)));
            left.Add(0);
            right.Add(0);
            left[node] = Grow(count / 2);
            right[node] = Grow(count - count / 2);
            return node;
        }

        int[] roots = [.. Enumerable.Range(0, TreeCount).Select(_ => Grow(Leaves))];
        var trees = new TreeEnsemble
        {
            Width = 4, Outputs = 1, Average = false, Roots = roots, Feature = [.. feature], Threshold = [.. threshold], Left = [.. left], Right = [.. right],
            Flags = [.. flags], LeafValue = [.. leaves], SetStarts = [0, 1, 2], SetWords = [0b001, 0b110], NodeCover = new int[feature.Count], LeafCover = new int[leaves.Count],
        };
        return model with { Spec = change?.Invoke(model.Spec) ?? model.Spec, Trees = trees };
    }

    /// <summary>The same with numbers of training rows in its nodes, which explanations of trees need.</summary>
    public static ModelArtifact ExplainableTrees()
    {
        var model = Trees();
        var trees = model.Trees!;
        var random = new Random(7);
        int Cover(int node) => node < 0 ? trees.LeafCover[~node] = random.Next(1, 100) : trees.NodeCover[node] = Cover(trees.Left[node]) + Cover(trees.Right[node]);
        foreach (var root in trees.Roots) Cover(root);
        return model;
    }
}
