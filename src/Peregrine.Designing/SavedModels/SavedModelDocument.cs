using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Designing.Lab;

namespace Peregrine.Designing.SavedModels;

/// <summary>The settings document of a new saved model.</summary>
internal static class SavedModelDocument
{
    public static JsonObject Create(string projectKey, string id, string name, string trainRecipeName, JsonObject settings) => new()
    {
        ["id"] = id,
        ["projectKey"] = projectKey,
        ["name"] = name,
        ["type"] = PredictionTypes.TaskType(settings.String("predictionType") ?? ""),
        ["savedModelType"] = "DSS_MANAGED",
        ["trainRecipeName"] = trainRecipeName,
        ["miniTask"] = new JsonObject
        {
            ["taskType"] = PredictionTypes.TaskType(settings.String("predictionType") ?? ""),
            ["predictionType"] = settings.String("predictionType"),
            ["targetVariable"] = settings.String("targetVariable"),
            ["backendType"] = "PY_MEMORY",
            ["modeling"] = new JsonObject { ["metrics"] = settings.Child("modeling").Child("metrics").DeepClone() },
        },
        ["tags"] = new JsonArray(),
        ["shortDesc"] = "",
        ["description"] = "",
    };
}
