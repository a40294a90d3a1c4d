using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Models;
using Peregrine.Models.Preparation;

namespace Peregrine.Designing.Lab;

/// <summary>The preparation steps of an analysis: <c>script.steps</c>.</summary>
internal static class PreparationSteps
{
    public static IReadOnlyList<PreparationStep> Of(JsonObject analysis) =>
        analysis["script"] is JsonObject script && script["steps"] is JsonArray steps ? Parse(steps) : [];

    public static IReadOnlyList<PreparationStep> Parse(string json) => Parse((JsonArray)JsonNode.Parse(json)!);

    public static string Text(JsonObject analysis) =>
        analysis["script"] is JsonObject script && script["steps"] is JsonArray steps ? Documents.Text(steps) : "[]";

    private static List<PreparationStep> Parse(JsonArray steps)
    {
        var parsed = new List<PreparationStep>();
        for (var at = 0; at < steps.Count; at++)
        {
            try
            {
                parsed.Add(steps[at].Deserialize(ModelJson.Default.PreparationStep)
                    ?? throw Refusal.Invalid($"Preparation step {at + 1} is null."));
            }
            catch (Exception fault) when (fault is JsonException or NotSupportedException)
            {
                throw Refusal.Invalid($"Preparation step {at + 1} cannot be read: {fault.Message} Steps are lookup, fill, cleanText, range, elapsed, distance and ratio.", fault);
            }
        }

        return parsed;
    }
}
