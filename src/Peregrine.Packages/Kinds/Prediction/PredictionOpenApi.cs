using System.Text.Json.Nodes;
using Peregrine.Models;
using Peregrine.Records;

using Peregrine.Packages.OpenApi;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>The OpenAPI 3.1 description of a prediction endpoint, typed from the model's inputs.</summary>
internal static class PredictionOpenApi
{
    public static EndpointDescription Describe(string id, ModelSpec model, PredictionSettings settings, JsonArray testQueries)
    {
        var schemas = new JsonObject
        {
            [$"{id}.Features"] = Features(model, settings),
            [$"{id}.Result"] = Result(model),
        };
        var example = testQueries.FirstOrDefault()?["q"] ?? new JsonObject { ["features"] = PredictionSample.Features(model) };
        var paths = new JsonObject
        {
            ["/predict"] = Post($"{id}.predict", "Predicts one record.", One(id), Answer("result", Reference(id, "Result")), example),
            ["/predict-multi"] = Post(
                $"{id}.predictMulti", "Predicts several records, in their order.", Many(id),
                Answer("results", ListOf(Reference(id, "Result"))), new JsonObject { ["items"] = new JsonArray(example.DeepClone()) }),
            ["/predict-simple"] = Get(id, model, settings),
        };
        return new EndpointDescription(paths, schemas);
    }

    private static JsonObject Features(ModelSpec model, PredictionSettings settings)
    {
        var properties = new JsonObject();
        foreach (var input in model.Inputs) properties[input.Name] = Typed(input.Kind);
        foreach (var ignored in model.IgnoredFields)
            if (!properties.ContainsKey(ignored)) properties[ignored] = new JsonObject { ["description"] = "Accepted and not used." };
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (settings.MissingFeatures == FeaturePolicy.Refuse)
            schema["required"] = new JsonArray([.. model.Inputs.Select(input => (JsonNode)input.Name)]);
        if (settings.UnknownFeatures == FeaturePolicy.Refuse) schema["additionalProperties"] = false;
        return schema;
    }

    private static JsonObject Typed(FieldKind kind) => kind switch
    {
        FieldKind.Text => Nullable("string"),
        FieldKind.Number or FieldKind.Integer => Nullable("number"),
        FieldKind.Boolean => Nullable("boolean"),
        FieldKind.DateTime => Nullable("string", "date-time"),
        _ => Nullable("string", "date"),
    };

    private static JsonObject Nullable(string type, string? format = null)
    {
        var schema = new JsonObject { ["type"] = new JsonArray(type, "null") };
        if (format is not null) schema["format"] = format;
        return schema;
    }

    private static JsonObject Result(ModelSpec model)
    {
        var properties = new JsonObject
        {
            ["ignored"] = new JsonObject { ["type"] = "boolean", ["description"] = "True when the record was not scored." },
            ["ignoreReason"] = new JsonObject { ["type"] = "string" },
        };
        if (model.Prediction == PredictionKind.Regression)
        {
            properties["prediction"] = new JsonObject { ["type"] = "number" };
            return new JsonObject { ["type"] = "object", ["properties"] = properties };
        }

        var probas = new JsonObject();
        foreach (var label in model.Classes)
            probas[label] = new JsonObject { ["type"] = "number", ["minimum"] = 0, ["maximum"] = 1 };
        properties["prediction"] = new JsonObject
        {
            ["type"] = "string", ["enum"] = new JsonArray([.. model.Classes.Select(label => (JsonNode)label)]),
        };
        properties["probas"] = new JsonObject { ["type"] = "object", ["properties"] = probas };
        if (model.Percentiles is not null)
            properties["probaPercentile"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = 100 };
        return new JsonObject { ["type"] = "object", ["properties"] = properties };
    }

    private static JsonObject One(string id) => Request("features", Reference(id, "Features"), WithContext());

    private static JsonObject Many(string id)
    {
        var item = Request("features", Reference(id, "Features"), new JsonObject { ["context"] = FreeObject() });
        return Request("items", ListOf(item), WithContext());
    }

    private static JsonObject Request(string required, JsonObject schema, JsonObject others)
    {
        others[required] = schema;
        return new JsonObject { ["type"] = "object", ["required"] = new JsonArray(required), ["properties"] = others };
    }

    private static JsonObject WithContext() => new()
    {
        ["dispatch"] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["forcedGeneration"] = new JsonObject { ["type"] = "string", ["description"] = "Answer from this generation." },
                ["dispatchKey"] = new JsonObject { ["type"] = "string", ["description"] = "The same key always gets the same generation." },
            },
        },
        ["context"] = FreeObject(),
    };

    private static JsonObject FreeObject() => new() { ["type"] = "object", ["description"] = "Logged with the query, not used." };

    private static JsonObject Answer(string member, JsonObject schema) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray(member),
        ["properties"] = new JsonObject
        {
            [member] = schema,
            ["timing"] = new JsonObject { ["type"] = "object", ["description"] = "Milliseconds by phase." },
            ["apiContext"] = new JsonObject { ["type"] = "object", ["description"] = "Service, endpoint and generation that answered." },
        },
    };

    private static JsonObject Post(string operation, string summary, JsonObject request, JsonObject answer, JsonNode example) => new()
    {
        ["post"] = new JsonObject
        {
            ["operationId"] = operation,
            ["summary"] = summary,
            ["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject
                {
                    ["application/json"] = new JsonObject { ["schema"] = request, ["example"] = example.DeepClone() },
                },
            },
            ["responses"] = Responses(answer),
        },
    };

    private static JsonObject Get(string id, ModelSpec model, PredictionSettings settings)
    {
        var parameters = new JsonArray();
        foreach (var input in model.Inputs)
        {
            parameters.Add((JsonNode)new JsonObject
            {
                ["name"] = input.Name,
                ["in"] = "query",
                ["required"] = settings.MissingFeatures == FeaturePolicy.Refuse,
                ["schema"] = Typed(input.Kind),
            });
        }

        return new JsonObject
        {
            ["get"] = new JsonObject
            {
                ["operationId"] = $"{id}.predictSimple",
                ["summary"] = "Predicts one record given in the query, for a browser.",
                ["parameters"] = parameters,
                ["responses"] = Responses(Answer("result", Reference(id, "Result"))),
            },
        };
    }

    private static JsonObject Responses(JsonObject answer) => new()
    {
        ["200"] = Response("The answer.", answer),
        ["default"] = Response("What went wrong.", new JsonObject { ["$ref"] = "#/components/schemas/Error" }),
    };

    private static JsonObject Response(string description, JsonObject schema) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema } },
    };

    private static JsonObject ListOf(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Reference(string id, string name) => new() { ["$ref"] = $"#/components/schemas/{id}.{name}" };
}
