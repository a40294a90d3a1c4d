using System.Text.Json.Nodes;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Packages.OpenApi;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>The OpenAPI 3.1 description of a prediction endpoint, typed from the model's inputs.</summary>
internal static class PredictionOpenApi
{
    private const int MostExamples = 20;

    public static EndpointDescription Describe(string id, CompiledModel compiled, PredictionSettings settings, JsonArray testQueries)
    {
        var model = compiled.Spec;
        var training = new TrainingSchemas(compiled.Reference, settings.LogColumns ?? []);
        var schemas = new JsonObject
        {
            [$"{id}.Features"] = FeatureSchemas.Record(compiled, settings, training),
            [$"{id}.Result"] = PreparedRecordSchemas.AddTo(AnswerSchemas.Result(model, settings), compiled, settings),
        };
        var examples = settings.Quiet ? [("example", new JsonObject { ["features"] = new JsonObject() })] : Examples(model, testQueries);
        var isStrict = settings.UnknownFeatures == FeaturePolicy.Refuse;
        var explanations = model.Prediction == PredictionKind.Clustering ? ExplanationsOpenApi.NoRequest() : ExplanationsOpenApi.Request(settings.Explanations);
        var summaries = model.Prediction == PredictionKind.Clustering
            ? (One: "Finds the cluster of one record.", Many: "Finds the clusters of several records, in their order.")
            : (One: "Predicts one record.", Many: "Predicts several records, in their order.");
        var paths = new JsonObject
        {
            ["/predict"] = CallSchemas.Post(
                $"{id}.predict", summaries.One, Request("features", CallSchemas.Reference(id, "Features"), Around(explanations), isStrict),
                AnswerSchemas.Answer(id, "result", CallSchemas.Reference(id, "Result")), examples),
            ["/predict-multi"] = StreamsOpenApi.With(
                CallSchemas.Post(
                    $"{id}.predictMulti", summaries.Many, Request("items", CallSchemas.ListOf(Item(id)), Around((JsonObject)explanations.DeepClone()), isStrict),
                    AnswerSchemas.Answer(id, "results", CallSchemas.ListOf(CallSchemas.Reference(id, "Result"))), [("all", Many(examples))]),
                model.Prediction == PredictionKind.Clustering ? null : settings.Explanations),
            ["/predict-simple"] = Get(id, model, settings, training),
        };
        return new EndpointDescription(paths, schemas);
    }

    /// <summary>Test queries by their names, or a made-up record of the right types.</summary>
    private static List<(string Name, JsonObject Body)> Examples(ModelSpec model, JsonArray testQueries)
    {
        var examples = new List<(string, JsonObject)>();
        foreach (var query in testQueries.Take(MostExamples))
            if (query?["q"] is JsonObject body) examples.Add(((string?)query["name"] is { Length: > 0 } name ? name : $"query {examples.Count + 1}", (JsonObject)body.DeepClone()));
        if (examples.Count == 0) examples.Add(("example", new JsonObject { ["features"] = PredictionSample.Features(model) }));
        return examples;
    }

    private static JsonObject Many(IEnumerable<(string Name, JsonObject Body)> examples) => new()
    {
        ["items"] = new JsonArray([.. examples.Select(example => (JsonNode)new JsonObject { ["features"] = example.Body["features"]?.DeepClone() })]),
    };

    private static JsonObject Item(string id) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("features"),
        ["properties"] = new JsonObject { ["features"] = CallSchemas.Reference(id, "Features"), ["context"] = CallSchemas.Context() },
    };

    private static JsonObject Request(string required, JsonObject schema, JsonObject around, bool isStrict)
    {
        around[required] = schema;
        var request = new JsonObject { ["type"] = "object", ["required"] = new JsonArray(required), ["properties"] = around };
        if (isStrict) request["additionalProperties"] = false;
        return request;
    }

    /// <summary>What may stand beside the records.</summary>
    private static JsonObject Around(JsonObject explanations) => new()
    {
        ["dispatch"] = CallSchemas.Dispatch(),
        ["explanations"] = explanations,
        ["context"] = CallSchemas.Context(),
    };

    private static JsonObject Get(string id, ModelSpec model, PredictionSettings settings, TrainingSchemas training) => new()
    {
        ["get"] = new JsonObject
        {
            ["operationId"] = $"{id}.predictSimple",
            ["summary"] = $"{(model.Prediction == PredictionKind.Clustering ? "Finds the cluster of" : "Predicts")} one record given in the query, for a browser.",
            ["parameters"] = new JsonArray([.. settings.Quiet ? [AnyParameters()] : model.Inputs.Select(input => Parameter(input, settings, training)), .. Explanations(model, settings)]),
            ["responses"] = ErrorResponses.With(AnswerSchemas.Answer(id, "result", CallSchemas.Reference(id, "Result"))),
        },
    };

    private static IEnumerable<JsonObject> Explanations(ModelSpec model, PredictionSettings settings) =>
        model.Prediction == PredictionKind.Clustering ? [] : ExplanationsOpenApi.Parameters(settings.Explanations);

    private static JsonObject Parameter(Field input, PredictionSettings settings, TrainingSchemas training) => new()
    {
        ["name"] = input.Name,
        ["in"] = "query",
        ["required"] = settings.MissingFeatures == FeaturePolicy.Refuse,
        ["schema"] = FeatureSchemas.Text(input, settings, training),
    };

    /// <summary>An object whose members are parameters of their own.</summary>
    private static JsonObject AnyParameters() => new()
    {
        ["name"] = "features", ["in"] = "query", ["required"] = false, ["style"] = "form", ["explode"] = true,
        ["schema"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string" } },
    };
}
