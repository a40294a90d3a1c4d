using System.Text.Json.Nodes;
using Peregrine.Models;
using Peregrine.Models.Predictors;
using Peregrine.Packages.Kinds.Prediction.Explanations;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>JSON Schema (2020-12) of what a prediction endpoint answers, as <see cref="PredictionResultWriter"/> and the node write it.</summary>
internal static class AnswerSchemas
{
    /// <summary>The result of one record: scored, or ignored with the reason.</summary>
    public static JsonObject Result(ModelSpec model, PredictionSettings settings)
    {
        JsonObject[] results = [Scored(model, settings), Ignored(model)];
        foreach (var result in results) AddWarnings((JsonObject)result["properties"]!, settings);
        return new() { ["oneOf"] = new JsonArray([.. results]) };
    }

    public static JsonObject Answer(string endpoint, string member, JsonObject schema) => Object(
        (member, schema), ("timing", Timing()),
        ("apiContext", Object(
            ("serviceId", Typed("string")), ("endpointId", new JsonObject { ["const"] = endpoint }),
            ("serviceGeneration", Described(Typed("string"), "The generation that answered.")))));

    private static JsonObject Scored(ModelSpec model, PredictionSettings settings)
    {
        var scored = Unexplained(model);
        if (!settings.Quiet && model.Prediction != PredictionKind.Clustering) scored["properties"]!["explanations"] = ExplanationsOpenApi.Result(model);
        return scored;
    }

    /// <summary>Members of a record that the endpoint took in spite of something.</summary>
    private static void AddWarnings(JsonObject result, PredictionSettings settings)
    {
        string[] codes = [.. RecordWarnings.Codes.Where(code => settings.PolicyOf(code) == FeaturePolicy.Warn).Select(code => code.ToString())];
        if (codes.Length == 0) return;
        var code = new JsonObject { ["enum"] = settings.Quiet ? new JsonArray("UnusualRecord") : new JsonArray([.. codes.Select(one => (JsonNode)one)]) };
        var warning = settings.Quiet
            ? Object(("code", code), ("message", Typed("string")))
            : Object(("code", code), ("feature", Described(Typed("string"), "The feature, or the name that is none.")), ("message", Typed("string")));
        result["warnings"] = Described(new JsonObject { ["type"] = "array", ["items"] = warning }, "How the record differs from those that the model was made from; absent where it does not.");
        result["moreWarnings"] = Described(new JsonObject { ["type"] = "integer", ["minimum"] = 1 }, "Warnings that are not listed; absent where all are.");
    }

    private static JsonObject Unexplained(ModelSpec model)
    {
        if (model.Prediction == PredictionKind.Regression)
            return Object(("prediction", new JsonObject { ["type"] = new JsonArray("number", "null") }), ("ignored", new JsonObject { ["const"] = false }));
        if (model.Predictor is CentroidPredictorSpec centroids) return Cluster(model, centroids);
        var members = new List<(string, JsonObject)>
        {
            ("prediction", new JsonObject { ["enum"] = new JsonArray([.. model.Classes.Select(label => (JsonNode)label)]) }),
            ("probas", Object([.. model.Classes.Select(label => (label, Probability()))])),
            ("ignored", new JsonObject { ["const"] = false }),
        };
        if (model.Percentiles is { Count: > 0 })
            members.Insert(1, ("probaPercentile", Described(Ranged("integer", 0, 100), "How many per cent of the test rows score as this one or lower.")));
        return Object([.. members]);
    }

    private static JsonObject Cluster(ModelSpec model, CentroidPredictorSpec centroids) => Object(
        ("prediction", Described(
            new JsonObject { ["enum"] = new JsonArray([.. model.Classes.Select(label => (JsonNode)label)]) },
            centroids.OutlierDistance is null ? "The nearest cluster." : $"The nearest cluster, or '{model.Classes[^1]}' for a record too far from all.")),
        ("distance", Described(Distance("number"), "To the centre of the nearest cluster, in the space of the scaled features.")),
        ("distances", Described(
            Object([.. model.Classes.Take(centroids.Centroids.Count).Select(label => (label, Distance("number", "null")))]), "To the centre of each cluster.")),
        ("ignored", new JsonObject { ["const"] = false }));

    private static JsonObject Distance(params string[] types) => new()
    {
        ["type"] = types is [var type] ? type : new JsonArray([.. types.Select(one => (JsonNode)one)]), ["minimum"] = 0,
    };

    private static JsonObject Ignored(ModelSpec model) => Described(
        Object(("ignored", new JsonObject { ["const"] = true }), ("ignoreReason", new JsonObject { ["enum"] = new JsonArray([.. IgnoreReasons.Of(model).Select(reason => (JsonNode)reason)]) })),
        "The model does not score this record.");

    private static JsonObject Timing() => Described(
        Object([.. ((string[])["parse", "score", "total"]).Select(phase => (phase, new JsonObject { ["type"] = "number", ["minimum"] = 0 }))]), "Milliseconds by phase.");

    /// <summary>An object that always has these members.</summary>
    private static JsonObject Object(params (string Name, JsonObject Schema)[] members) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray([.. members.Select(member => (JsonNode)member.Name)]),
        ["properties"] = new JsonObject(members.Select(member => KeyValuePair.Create(member.Name, (JsonNode?)member.Schema))),
    };

    /// <summary>Null where the model comes to no number, because a value it needs is missing.</summary>
    private static JsonObject Probability() => new() { ["type"] = new JsonArray("number", "null"), ["minimum"] = 0, ["maximum"] = 1 };

    private static JsonObject Typed(string type) => new() { ["type"] = type };

    private static JsonObject Ranged(string type, int minimum, int maximum) => new() { ["type"] = type, ["minimum"] = minimum, ["maximum"] = maximum };

    private static JsonObject Described(JsonObject schema, string description)
    {
        schema["description"] = description;
        return schema;
    }
}
