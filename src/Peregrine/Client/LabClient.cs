using System.Text.Json.Nodes;

namespace Peregrine.Client;

/// <summary>Analyses and their ML tasks.</summary>
public sealed class LabClient(HttpConnection connection)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public async Task<string> CreateAnalysisAsync(string project, string dataset, CancellationToken cancellationToken) =>
        Text(await connection.SendNodeAsync(HttpMethod.Post, $"{Project(project)}/lab/", new JsonObject { ["inputDataset"] = dataset }, cancellationToken), "id");

    /// <summary>Replaces the preparation of an analysis.</summary>
    public async Task SetStepsAsync(string project, string analysis, JsonArray steps, CancellationToken cancellationToken)
    {
        var path = $"{Project(project)}/lab/{PeregrineClient.Id(analysis)}/";
        var settings = (JsonObject)await connection.GetNodeAsync(path, cancellationToken);
        if (settings["script"] is not JsonObject script) settings["script"] = script = [];
        script["steps"] = steps;
        await connection.SendAsync(HttpMethod.Put, path, settings, cancellationToken);
    }

    /// <param name="target">Null makes a task of clustering.</param>
    /// <param name="predictionType">BINARY_CLASSIFICATION, MULTICLASS or REGRESSION; null lets the server guess.</param>
    public async Task<MlTask> CreateTaskAsync(string project, string analysis, string? target, string? predictionType, CancellationToken cancellationToken)
    {
        var request = target is null
            ? new JsonObject { ["taskType"] = "CLUSTERING", ["backendType"] = "PY_MEMORY", ["guessPolicy"] = "KMEANS" }
            : new JsonObject { ["taskType"] = "PREDICTION", ["targetVariable"] = target, ["backendType"] = "PY_MEMORY", ["guessPolicy"] = "DEFAULT" };
        if (predictionType is not null) request["predictionType"] = predictionType;
        var answer = await connection.SendNodeAsync(HttpMethod.Post, $"{Project(project)}/lab/{PeregrineClient.Id(analysis)}/models/", request, cancellationToken);
        var task = new MlTask(project, analysis, Text(answer, "mlTaskId"));
        while ((await StatusAsync(task, cancellationToken)).Guessing) await Task.Delay(FirstPause, cancellationToken);
        return task;
    }

    public Task<MlTaskState> StatusAsync(MlTask task, CancellationToken cancellationToken) =>
        connection.GetAsync($"{PathOf(task)}/status", ClientJson.Default.MlTaskState, cancellationToken);

    public async Task<JsonObject> GetSettingsAsync(MlTask task, CancellationToken cancellationToken) =>
        (JsonObject)await connection.GetNodeAsync($"{PathOf(task)}/settings", cancellationToken);

    public Task SaveSettingsAsync(MlTask task, JsonObject settings, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Post, $"{PathOf(task)}/settings", settings, cancellationToken);

    /// <summary>Trains every enabled algorithm and returns the models of that session, failed ones too.</summary>
    public async Task<IReadOnlyList<LabModel>> TrainAsync(MlTask task, string? sessionName, IProgress<JobProgress>? progress, CancellationToken cancellationToken)
    {
        var started = await connection.SendNodeAsync(
            HttpMethod.Post, $"{PathOf(task)}/train", new JsonObject { ["sessionName"] = sessionName, ["sessionDescription"] = null, ["runQueue"] = false }, cancellationToken);
        var session = Text(started, "sessionId");
        var pause = FirstPause;
        MlTaskState state;
        while ((state = await StatusAsync(task, cancellationToken)).Training)
        {
            if (state.Progress is { } now) progress?.Report(now);
            await Task.Delay(pause, cancellationToken);
            pause = pause * 1.1 < LongestPause ? pause * 1.1 : LongestPause;
        }

        var ids = state.FullModelIds.Where(model => model.FullModelId.SessionId == session).Select(model => model.Id).ToList();
        return await ModelsAsync(task, ids, cancellationToken);
    }

    public async Task<IReadOnlyList<LabModel>> ModelsAsync(MlTask task, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var snippets = (JsonObject)await connection.SendNodeAsync(
            HttpMethod.Get, $"{PathOf(task)}/models-snippets", new JsonObject { ["modelsIds"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) }, cancellationToken);
        return [.. ids.Select(id => LabModel.Of(id, snippets[id] as JsonObject ?? throw new ClientException($"The server says nothing about model '{id}'.")))];
    }

    /// <summary>Everything that is known of a trained model.</summary>
    public async Task<JsonObject> DetailsAsync(MlTask task, string model, CancellationToken cancellationToken) =>
        (JsonObject)await connection.GetNodeAsync($"{PathOf(task)}/models/{PeregrineClient.Id(model)}/details", cancellationToken);

    /// <summary>Makes a saved model of a trained one, or a new active version of <paramref name="savedModel"/>.</summary>
    /// <returns>The saved model's id.</returns>
    public async Task<string> DeployAsync(MlTask task, string model, string name, string dataset, string? savedModel, CancellationToken cancellationToken)
    {
        var actions = $"{PathOf(task)}/models/{PeregrineClient.Id(model)}/actions";
        if (savedModel is null)
        {
            var request = new JsonObject { ["trainDatasetRef"] = dataset, ["testDatasetRef"] = null, ["modelName"] = name, ["redoOptimization"] = true };
            return Text(await connection.SendNodeAsync(HttpMethod.Post, $"{actions}/deployToFlow", request, cancellationToken), "savedModelId");
        }

        var again = new JsonObject { ["recipeName"] = null, ["savedModelId"] = savedModel, ["activate"] = true, ["redoOptimization"] = false, ["redoThresholdOptimization"] = true };
        await connection.SendAsync(HttpMethod.Post, $"{actions}/redeployToFlow", again, cancellationToken);
        return savedModel;
    }

    public async Task<IReadOnlyList<MlTask>> ListTasksAsync(string project, CancellationToken cancellationToken)
    {
        var answer = await connection.GetNodeAsync($"{Project(project)}/models/lab/", cancellationToken);
        return answer["mlTasks"] is JsonArray tasks
            ? [.. tasks.Select(task => new MlTask(project, Text(task!, "analysisId"), Text(task!, "mlTaskId"), task!["inputDataset"]?.GetValue<string>()))]
            : [];
    }

    private static string Project(string project) => $"{PeregrineClient.Base}/projects/{PeregrineClient.Id(project)}";

    private static string PathOf(MlTask task) => $"{Project(task.ProjectKey)}/models/lab/{PeregrineClient.Id(task.AnalysisId)}/{PeregrineClient.Id(task.MlTaskId)}";

    private static string Text(JsonNode answer, string member) =>
        answer[member]?.GetValue<string>() ?? throw new ClientException($"The server's answer lacks '{member}'.");
}
