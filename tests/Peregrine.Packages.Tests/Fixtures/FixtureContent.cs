using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Drift;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Models.Preparation;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Manifests;
using Peregrine.Records;

namespace Peregrine.Packages.Tests.Fixtures;

/// <summary>A package that uses every preparation step, feature and predictor that there is, to be stored once for each format.</summary>
internal static class FixtureContent
{
    private static readonly string[] s_inputs =
    [
        """{"card":" 042 ","amount":12.5,"count":3,"online":true,"at":"2026-01-31T12:30:15Z","born":"1990-02-03","lat":48.85,"lon":2.35,"shopLat":51.5,"shopLon":-0.12}""",
        """{"card":"43","amount":0.1,"count":0,"online":false,"at":"2026-06-30T23:59:59+02:00","born":"2001-12-31","lat":-33.9,"lon":151.2,"shopLat":-33.9,"shopLon":151.2}""",
        """{"card":null,"amount":-1e300,"count":7,"online":null,"at":null,"born":null,"lat":null,"lon":null,"shopLat":0,"shopLon":0}""",
        """{"card":"n/a","amount":99999,"count":-2,"online":true,"at":"1969-12-31T00:00:00Z","born":"1969-12-31","lat":90,"lon":180,"shopLat":-90,"shopLon":-180}""",
        """{"card":"ünknown \"quoted\"","amount":5e-324,"count":1,"online":false,"at":"2024-02-29T06:00:00.25Z","born":"2024-02-29","lat":1,"lon":1,"shopLat":1.0000001,"shopLon":1}""",
    ];

    public static PackageContent Make() => new()
    {
        ServiceId = "fraud",
        VersionId = "stored",
        CreatedOn = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero),
        ReleaseNotes = "A package that stays.",
        Authorization = new ServiceAuthorization
        {
            Method = AuthorizationMethod.ApiKeys, Keys = [new ServiceApiKey { Id = "key-1", Hash = Digests.Of("pgn_key-of-the-stored-package"u8) }],
        },
        Endpoints = [Endpoint("trees", Trees()), Endpoint("binary", Binary()), Endpoint("multiclass", Multiclass()), Endpoint("regression", Regression())],
    };

    private static PredictionEndpointSource Endpoint(string id, ModelArtifact model) => new()
    {
        Id = id,
        Settings = new PredictionSettings
        {
            ModelRef = "saved/" + id,
            UnknownFeatures = FeaturePolicy.Ignore,
            LogColumns = [new LogColumnRule { Column = "card", Action = LogAction.Hash }, new LogColumnRule { Column = "amount", Action = LogAction.Bucket, Edges = [0, 10, 100] }],
        },
        Model = model,
        Golden = GoldenRecords.Answer(CompiledModel.Compile(model), Models.Utf8(s_inputs)),
        TestQueries = [JsonNode.Parse($$"""{"q":{"features":{{s_inputs[0]}} } }""")],
    };

    private static ModelArtifact Binary() => Of(
        PredictionKind.BinaryClassification, ["no", "yes"],
        new LinearPredictorSpec { Link = Link.Logistic, Weights = [Weights(0)], Intercepts = [0.05] }, spec => spec with { Threshold = 0.3, Percentiles = [.. Enumerable.Range(1, 100).Select(i => i / 101.0)] });

    private static ModelArtifact Multiclass() => Of(
        PredictionKind.Multiclass, ["low", "mïd", "high"],
        new LinearPredictorSpec { Link = Link.Softmax, Weights = [Weights(0), Weights(1), Weights(2)], Intercepts = [0.05, 0, 0.3] });

    private static ModelArtifact Regression() => Of(
        PredictionKind.Regression, [], new LinearPredictorSpec { Link = Link.Identity, Weights = [Weights(3)], Intercepts = [0.2] }, spec => spec with { DropIfMissing = ["born"] });

    /// <summary>Two trees: on the clean amount, then on the card's code being one of a set; on the hour.</summary>
    private static ModelArtifact Trees() => Of(
        PredictionKind.BinaryClassification, ["no", "yes"], new TreePredictorSpec { Link = Link.Logistic }, spec => spec with { Algorithm = "Gradient-boosted trees" }) with
    {
        Trees = new TreeEnsemble
        {
            Width = 14, Outputs = 1, Average = false, Roots = [0, 2], Feature = [0, 1, 5], Threshold = [0.5, 0, 12],
            Left = [1, ~0, ~3], Right = [~2, ~1, ~4], Flags = [(byte)MissingRule.NaN << 1, TreeEnsemble.IsCategory, TreeEnsemble.DefaultLeft | ((byte)MissingRule.NaN << 1)],
            LeafValue = [-1, 0.25, 0.5, -0.125, 0.75], SetStarts = [0, 1], SetWords = [0b01], NodeCover = [10, 6, 10], LeafCover = [3, 3, 4, 5, 5],
        },
    };

    private static double[] Weights(int shift) => [.. Enumerable.Range(0, 14).Select(i => (((i + shift) % 5) - 2) / 7.0)];

    private static ModelArtifact Of(PredictionKind prediction, string[] classes, PredictorSpec predictor, Func<ModelSpec, ModelSpec>? change = null)
    {
        var spec = new ModelSpec
        {
            Prediction = prediction,
            Target = "is_fraud",
            Classes = classes,
            Inputs =
            [
                new("card", FieldKind.Text), new("amount", FieldKind.Number), new("count", FieldKind.Integer), new("online", FieldKind.Boolean), new("at", FieldKind.DateTime),
                new("born", FieldKind.Date), new("lat", FieldKind.Number), new("lon", FieldKind.Number), new("shopLat", FieldKind.Number), new("shopLon", FieldKind.Number),
            ],
            IgnoredFields = ["id", "is_fraud"],
            Steps =
            [
                new CleanTextStep { Field = "card", Case = LetterCase.Lower, MissingWords = ["n/a"] },
                new FillStep { Field = "count", Value = "1" },
                new RangeStep { Field = "amount", Min = 0, Max = 1000, Outside = OutOfRange.Clip },
                new ElapsedStep { From = "born", To = "at", Unit = TimeUnit.Years, Output = "age" },
                new DistanceStep { FromLatitude = "lat", FromLongitude = "lon", ToLatitude = "shopLat", ToLongitude = "shopLon", Output = "away" },
                new RatioStep { Numerator = "amount", Denominator = "count", Output = "each" },
                new LookupStep { Table = "cards", Key = "card", Columns = [new("limit"), new("city", "home")] },
            ],
            Features =
            [
                new NumberFeature { Field = "amount", Impute = 1, Center = 3, Scale = 7 },
                new CategoryFeature { Field = "card", Values = ["042", "43"], OtherHasCode = true, MissingHasCode = true },
                new OneHotFeature { Field = "home", Values = ["Zürich", "Bern"] },
                new ImpactFeature { Field = "card", Values = ["042"], Encodings = [0.7], Other = 0.1, Missing = 0.2 },
                new DatePartFeature { Field = "at", Part = DatePart.Hour, Impute = 12 },
                new DateCycleFeature { Field = "at", Part = DatePart.DayOfWeek },
                new MissingFlagFeature { Field = "born" },
                new NumberFeature { Field = "age", Impute = 30, Scale = 10 },
                new NumberFeature { Field = "away", Impute = 0, Scale = 1000 },
                new NumberFeature { Field = "each", Impute = 0 },
                new NumberFeature { Field = "limit", Impute = 100, Scale = 100 },
                new NumberFeature { Field = "online", Impute = 0 },
            ],
            Predictor = predictor,
        };
        return new ModelArtifact
        {
            Spec = change?.Invoke(spec) ?? spec,
            Lookups = new Dictionary<string, LookupTable>(StringComparer.Ordinal)
            {
                ["cards"] = new(["042"u8.ToArray(), "43"u8.ToArray()],
                    [new(new("limit", FieldKind.Number), [500, double.NaN]), new(new("city", FieldKind.Text), new byte[]?[] { Encoding.UTF8.GetBytes("Zürich"), null })]),
            },
            Reference = new TrainingReference
            {
                Inputs = [.. spec.Inputs.Select(field => field.Kind == FieldKind.Text ? Categories(field.Name, ["042", "43"]) : Numbers(field.Name))],
                Predictions = prediction == PredictionKind.Regression ? [Numbers("value")] : [Numbers("probability"), Categories("class", classes)],
            },
        };
    }

    private static FieldReference Numbers(string name) => new() { Name = name, Kind = ReferenceKind.Number, Edges = [0, 1, 10], Counts = [1, 20, 300, 4, 5], Importance = 0.1 };

    private static FieldReference Categories(string name, string[] values) => new()
    {
        Name = name, Kind = ReferenceKind.Category, Values = values, OwnCells = values.Length, Counts = [.. Enumerable.Range(1, values.Length + 3).Select(i => (long)i)],
    };
}
