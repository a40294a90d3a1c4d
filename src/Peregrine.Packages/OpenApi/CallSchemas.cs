using System.Text.Json.Nodes;

namespace Peregrine.Packages.OpenApi;

/// <summary>What the calls of all kinds have in common in an OpenAPI document.</summary>
internal static class CallSchemas
{
    /// <summary>How a caller chooses the generation.</summary>
    public static JsonObject Dispatch() => new()
    {
        ["type"] = new JsonArray("object", "null"),
        ["properties"] = new JsonObject
        {
            ["forcedGeneration"] = Key("Answer from this generation, loaded on the node."),
            ["dispatchKey"] = Key("The same key always gets the same generation, where several share the traffic."),
        },
    };

    public static JsonObject Context() => new() { ["description"] = "Any JSON; logged with the query, not used." };

    /// <summary>A path item with a call that takes JSON.</summary>
    public static JsonObject Post(string operation, string summary, JsonObject request, JsonObject answer, IEnumerable<(string Name, JsonObject Body)> examples)
    {
        var media = new JsonObject { ["schema"] = request, ["examples"] = new JsonObject() };
        foreach (var (name, body) in examples) media["examples"]![name] = new JsonObject { ["value"] = body.DeepClone() };
        return new JsonObject
        {
            ["post"] = new JsonObject
            {
                ["operationId"] = operation,
                ["summary"] = summary,
                ["requestBody"] = new JsonObject { ["required"] = true, ["content"] = new JsonObject { ["application/json"] = media } },
                ["responses"] = ErrorResponses.With(answer),
            },
        };
    }

    public static JsonObject ListOf(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    public static JsonObject Reference(string endpoint, string name) => new() { ["$ref"] = $"#/components/schemas/{endpoint}.{name}" };

    private static JsonObject Key(string description) => new() { ["type"] = new JsonArray("string", "number", "null"), ["description"] = description };
}
