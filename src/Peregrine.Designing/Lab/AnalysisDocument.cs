using System.Text.Json.Nodes;

namespace Peregrine.Designing.Lab;

/// <summary>The document of a new analysis.</summary>
internal static class AnalysisDocument
{
    public static JsonObject Create(string projectKey, string id, string inputDataset) => new()
    {
        ["id"] = id,
        ["projectKey"] = projectKey,
        ["name"] = $"Analyze {inputDataset}",
        ["inputDatasetSmartName"] = inputDataset,
        ["script"] = new JsonObject
        {
            ["steps"] = new JsonArray(),
            ["explorationSampling"] = new JsonObject { ["selection"] = new JsonObject { ["samplingMethod"] = "FULL" } },
        },
        ["tags"] = new JsonArray(),
    };
}
