using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
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
            Predictor = new LinearPredictorSpec { Link = Link.Logistic, Weights = [[0.3, -0.7, 0.1, 0.4, 0.02]], Intercepts = [bias] },
            Percentiles = [.. Enumerable.Range(1, 100).Select(i => i / 101.0)],
        };
        return new ModelArtifact { Spec = change?.Invoke(spec) ?? spec };
    }

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
}
