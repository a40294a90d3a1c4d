using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Peregrine.Designing.Tests.Support;

/// <summary>Steps of the way from a file to a package, as the public client takes them.</summary>
internal static class DesignFlow
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task CreateDatasetAsync(this DesignNode node, string name, byte[] csv, string project = "P")
    {
        var projects = await node.ListAsync("/dip/publicapi/projects/");
        if (projects.All(item => item!["projectKey"]!.GetValue<string>() != project))
            await node.PostAsync("/dip/publicapi/projects/", $$"""{"projectKey":"{{project}}","name":"p"}""");
        await node.PostAsync($"/dip/publicapi/projects/{project}/datasets/", $$$"""{"name":"{{{name}}}","projectKey":"{{{project}}}","type":"UploadedFiles","params":{}}""");
        using var answer = await node.UploadAsync(project, name, $"{name}.csv", csv);
        answer.EnsureSuccessStatusCode();
    }

    /// <returns>The path of the ML task.</returns>
    public static async Task<string> CreateTaskAsync(this DesignNode node, string dataset, string target, string project = "P")
    {
        var task = await node.PostAsync(
            $"/dip/publicapi/projects/{project}/models/lab/",
            $$"""{"inputDataset":"{{dataset}}","taskType":"PREDICTION","backendType":"PY_MEMORY","guessPolicy":"DEFAULT","targetVariable":"{{target}}"}""");
        return $"/dip/publicapi/projects/{project}/models/lab/{task["analysisId"]!.GetValue<string>()}/{task["mlTaskId"]!.GetValue<string>()}";
    }

    /// <summary>Trains these algorithms only.</summary>
    /// <returns>The ids of the session's models.</returns>
    public static async Task<IReadOnlyList<string>> TrainAsync(this DesignNode node, string task, params string[] algorithms)
    {
        if (algorithms.Length > 0)
        {
            var settings = await node.GetAsync($"{task}/settings");
            foreach (var (key, value) in settings["modeling"]!.AsObject())
                if (value is JsonObject algorithm && algorithm.ContainsKey("enabled")) algorithm["enabled"] = algorithms.Contains(key);
            await node.PostAsync($"{task}/settings", settings.ToJsonString());
        }

        var session = (await node.PostAsync($"{task}/train", """{"sessionName":null,"sessionDescription":null,"runQueue":false}"""))["sessionId"]!.GetValue<string>();
        var status = await node.WaitTrainedAsync(task);
        return
        [
            .. status["fullModelIds"]!.AsArray()
                .Where(model => model!["fullModelId"]!["sessionId"]!.GetValue<string>() == session)
                .Select(model => model!["id"]!.GetValue<string>()),
        ];
    }

    public static async Task<JsonObject> WaitTrainedAsync(this DesignNode node, string task)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var status = await node.GetAsync($"{task}/status");
            status["guessing"]!.GetValueKind().ShouldBe(System.Text.Json.JsonValueKind.False);
            if (!status["training"]!.GetValue<bool>()) return status;
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Patience, status.ToJsonString());
            await Task.Delay(50);
        }
    }

    public static async Task<JsonObject> SnippetAsync(this DesignNode node, string task, string model)
    {
        var snippets = (JsonObject)(await node.JsonAsync(HttpMethod.Get, $"{task}/models-snippets", $$"""{"modelsIds":["{{model}}"]}"""))!;
        return (JsonObject)snippets[model]!;
    }

    /// <returns>The saved model's id.</returns>
    public static async Task<string> DeployAsync(this DesignNode node, string task, string model, string dataset)
    {
        var deployed = await node.PostAsync(
            $"{task}/models/{model}/actions/deployToFlow",
            $$"""{"trainDatasetRef":"{{dataset}}","testDatasetRef":null,"modelName":"fraud","redoOptimization":true}""");
        deployed["trainRecipeName"]!.GetValue<string>().ShouldNotBeEmpty();
        return deployed["savedModelId"]!.GetValue<string>();
    }

    /// <summary>A service with one endpoint <c>score</c>.</summary>
    /// <returns>The path of the service.</returns>
    public static async Task<string> CreateServiceAsync(this DesignNode node, string service, string savedModel, string project = "P")
    {
        var path = $"/dip/publicapi/projects/{project}/apiservices/{service}";
        using var created = await node.SendAsync(HttpMethod.Post, path);
        created.EnsureSuccessStatusCode();
        var settings = await node.GetAsync($"{path}/settings");
        settings["endpoints"]!.AsArray().Add((JsonNode)new JsonObject { ["id"] = "score", ["type"] = "STD_PREDICTION", ["modelRef"] = savedModel });
        await node.PutAsync($"{path}/settings", settings);
        return path;
    }
}
