using System.Text.Json.Nodes;

namespace Peregrine.Designing.Projects;

/// <summary>The documents of a new project, with every member that clients expect to stand.</summary>
internal static class ProjectDefaults
{
    public static JsonObject Metadata(CreateProject request) => new()
    {
        ["label"] = request.Name ?? request.ProjectKey,
        ["description"] = request.Description ?? "",
        ["shortDesc"] = "",
        ["tags"] = request.Tags?.DeepClone() ?? new JsonArray(),
        ["checklists"] = new JsonObject { ["checklists"] = new JsonArray() },
        ["customFields"] = new JsonObject(),
    };

    public static JsonObject Settings() => new()
    {
        ["settings"] = new JsonObject
        {
            ["codeEnvs"] = new JsonObject { ["python"] = CodeEnvironment(), ["r"] = CodeEnvironment() },
            ["container"] = new JsonObject { ["containerMode"] = "NONE" },
            ["k8sCluster"] = new JsonObject { ["clusterMode"] = "INHERIT" },
            ["cluster"] = new JsonObject { ["clusterMode"] = "INHERIT" },
        },
        ["exposedObjects"] = new JsonObject { ["objects"] = new JsonArray() },
    };

    public static JsonObject Permissions(CreateProject request, string owner) => new()
    {
        ["owner"] = owner,
        ["permissions"] = request.Permissions?.DeepClone() ?? new JsonArray(),
    };

    public static JsonObject Tags(CreateProject request)
    {
        var tags = new JsonObject();
        foreach (var tag in request.Tags ?? [])
            if (tag is JsonValue value && value.TryGetValue<string>(out var name)) tags[name] = new JsonObject();
        return new JsonObject { ["tags"] = tags };
    }

    public static JsonObject Variables() => new() { ["standard"] = new JsonObject(), ["local"] = new JsonObject() };

    private static JsonObject CodeEnvironment() => new() { ["mode"] = "USE_BUILTIN_MODE", ["useBuiltinEnv"] = true };
}
