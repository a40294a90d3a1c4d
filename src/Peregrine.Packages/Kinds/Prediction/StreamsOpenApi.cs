using System.Text.Json.Nodes;
using Peregrine.Packages.Kinds.Prediction.Explanations;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>Streams of CSV and JSON lines in the description of <c>predict-multi</c>.</summary>
internal static class StreamsOpenApi
{
    private const string Csv = "text/csv";
    private const string JsonLines = "application/x-ndjson";

    /// <summary>The call with what streams take and answer beside JSON.</summary>
    /// <param name="explanations">Null: results of the endpoint are not explained.</param>
    public static JsonObject With(JsonObject call, ExplanationSettings? explanations)
    {
        var post = (JsonObject)call["post"]!;
        post["parameters"] = new JsonArray([.. Parameters(explanations)]);
        Add(post["requestBody"]!["content"]!, "A header row that names the features, then a row a record.", "A record a line.");
        Add(
            post["responses"]!["200"]!["content"]!, "A row a record: prediction, classes, explanation_{field} where asked for, ignored, ignoreReason, error.",
            "A result a line, with explanations where asked for; the last line tells how the stream ended.");
        return call;
    }

    private static void Add(JsonNode content, string csv, string jsonLines)
    {
        content[Csv] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["description"] = csv } };
        content[JsonLines] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["description"] = jsonLines } };
    }

    private static IEnumerable<JsonObject> Parameters(ExplanationSettings? explanations)
    {
        yield return Parameter("onError", new JsonObject { ["enum"] = new JsonArray("stop", "skip"), ["default"] = "stop" }, "Whether a record that cannot be read ends the stream.");
        yield return Parameter("firstLine", new JsonObject { ["type"] = "integer", ["minimum"] = 1 }, "The number that errors give to the first record's line.");
        yield return Parameter("forcedGeneration", new JsonObject { ["type"] = "string" }, "Answer from this generation, loaded on the node.");
        yield return Parameter("dispatchKey", new JsonObject { ["type"] = "string" }, "The same key always gets the same generation, where several share the traffic.");
        if (explanations is null) yield break;
        foreach (var parameter in ExplanationsOpenApi.Parameters(explanations))
        {
            parameter["description"] = "Of CSV and JSON lines; in JSON the member explanations says it.";
            yield return parameter;
        }
    }

    private static JsonObject Parameter(string name, JsonObject schema, string description) => new()
    {
        ["name"] = name, ["in"] = "query", ["required"] = false, ["schema"] = schema, ["description"] = $"Of CSV and JSON lines: {char.ToLowerInvariant(description[0])}{description[1..]}",
    };
}
