using System.Text.Json.Nodes;
using Peregrine.Models;
using Peregrine.Models.Explanations;

namespace Peregrine.Packages.Kinds.Prediction.Explanations;

/// <summary>Explanations in an endpoint's OpenAPI description.</summary>
internal static class ExplanationsOpenApi
{
    /// <summary>The member of a request.</summary>
    public static JsonObject Request(ExplanationSettings settings)
    {
        var properties = new JsonObject();
        foreach (var (name, schema) in Members(settings)) properties[name] = schema;
        return new JsonObject
        {
            ["type"] = new JsonArray("object", "null"),
            ["description"] = "How results are explained; null or absent: as the endpoint is set.",
            ["properties"] = properties,
        };
    }

    /// <summary>The member of a request to an endpoint that has nothing to explain: clients send it all the same.</summary>
    public static JsonObject NoRequest() => new()
    {
        ["type"] = new JsonArray("object", "null"),
        ["description"] = "Accepted for clients that always send it; the results of this endpoint are not explained.",
        ["properties"] = new JsonObject { ["enabled"] = new JsonObject { ["enum"] = new JsonArray(false, null) } },
    };

    /// <summary>The parameters of a query.</summary>
    public static IEnumerable<JsonObject> Parameters(ExplanationSettings settings) => Members(settings).Select(member => new JsonObject
    {
        ["name"] = $"explanations.{member.Name}", ["in"] = "query", ["required"] = false, ["schema"] = member.Schema,
    });

    /// <summary>The member of a result.</summary>
    public static JsonObject Result(ModelSpec model)
    {
        var unit = (model.Prediction, model.Predictor.Link) switch
        {
            (PredictionKind.Regression, _) => "in the unit of the prediction",
            (PredictionKind.BinaryClassification, Models.Predictors.Link.Logistic) => "in log-odds of the second class",
            (PredictionKind.BinaryClassification, _) => "in probability of the second class",
            (_, Models.Predictors.Link.Probability) => "in probability of the predicted class",
            _ => "in the score of the predicted class",
        };
        var influences = new JsonObject();
        foreach (var field in model.Features.Select(feature => feature.Field).Distinct(StringComparer.Ordinal))
            influences[field] = new JsonObject { ["type"] = new JsonArray("number", "null") };
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = $"When asked for: the fields of largest influence and how far each moved the prediction, {unit}.",
            ["properties"] = influences,
            ["additionalProperties"] = false,
        };
    }

    private static IEnumerable<(string Name, JsonObject Schema)> Members(ExplanationSettings settings)
    {
        yield return ("enabled", new JsonObject
        {
            ["type"] = new JsonArray("boolean", "null"), ["default"] = settings.Enabled, ["description"] = "Whether results are explained.",
        });
        yield return ("method", new JsonObject
        {
            ["type"] = new JsonArray("string", "null"), ["enum"] = new JsonArray("SHAPLEY", "ICE", null),
            ["default"] = settings.Method == ExplanationMethod.Ice ? "ICE" : "SHAPLEY",
            ["description"] = "SHAPLEY: influences add up to the score less its expectation. ICE: each field for itself, as if it alone were unknown.",
        });
        yield return ("nExplanations", new JsonObject
        {
            ["type"] = new JsonArray("integer", "null"), ["minimum"] = 1, ["default"] = settings.NExplanations,
            ["description"] = "Fields that are named, those of the largest influence.",
        });
        yield return ("nMonteCarloSteps", new JsonObject
        {
            ["type"] = new JsonArray("integer", "null"), ["minimum"] = ExplanationSettings.LeastSteps, ["maximum"] = ExplanationSettings.MostSteps,
            ["description"] = "Accepted and not used: influences are exact.",
        });
    }
}
