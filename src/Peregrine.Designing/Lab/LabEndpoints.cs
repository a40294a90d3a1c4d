using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Designing.Json;
using Peregrine.Designing.Rest;
using Peregrine.Designing.SavedModels;
using Peregrine.Hosting.Http;

namespace Peregrine.Designing.Lab;

/// <summary>Analyses under <c>/lab</c>, ML tasks and their models under <c>/models/lab</c>.</summary>
internal static class LabEndpoints
{
    public static void MapLab(this IEndpointRouteBuilder routes)
    {
        var analyses = routes.MapGroup("/projects/{projectKey}/lab").WithTags("Lab");
        analyses.MapGet("/", ListAnalysesAsync);
        analyses.MapPost("/", CreateAnalysisAsync);
        analyses.MapGet("/{analysisId}", GetAnalysisAsync);
        analyses.MapPut("/{analysisId}", SaveAnalysisAsync);
        analyses.MapDelete("/{analysisId}", DeleteAnalysisAsync);
        analyses.MapGet("/{analysisId}/models", ListTasksOfAnalysisAsync);
        analyses.MapPost("/{analysisId}/models", CreateTaskInAnalysisAsync);
        routes.MapGet("/projects/{projectKey}/models/labs/mltask-queues", QueuesAsync).WithTags("Lab");

        var tasks = routes.MapGroup("/projects/{projectKey}/models/lab").WithTags("Lab");
        tasks.MapGet("/", ListTasksAsync);
        tasks.MapPost("/", CreateTaskAsync);
        var task = tasks.MapGroup("/{analysisId}/{mlTaskId}");
        task.MapGet("/status", StatusAsync);
        task.MapGet("/settings", GetSettingsAsync);
        task.MapPost("/settings", SaveSettingsAsync);
        task.MapPut("/guess", GuessAsync);
        task.MapPost("/train", TrainAsync);
        task.MapPost("/actions/abort", AbortAsync);
        task.MapGet("/models-snippets", SnippetsAsync);
        task.MapDelete("/", DeleteTaskAsync);
        task.MapGet("/models/{modelId}/details", DetailsAsync);
        task.MapPut("/models/{modelId}/user-meta", SaveUserMetaAsync);
        task.MapDelete("/models/{modelId}", DeleteModelAsync);
        task.MapPost("/models/{modelId}/actions/deployToFlow", DeployAsync);
        task.MapPost("/models/{modelId}/actions/redeployToFlow", RedeployAsync);
    }

    private static async Task<IResult> ListAnalysesAsync(string projectKey, LabService lab, CancellationToken cancellationToken) =>
        Answers.List((await lab.ListAnalysesAsync(projectKey, cancellationToken)).Select(analysis => new JsonObject
        {
            ["analysisId"] = analysis.AnalysisId,
            ["inputDataset"] = analysis.InputDataset,
            ["name"] = analysis.Name,
            ["createdOn"] = analysis.CreatedOn.ToUnixTimeMilliseconds(),
            ["mlTasks"] = analysis.MlTasks,
        }));

    private static async Task<IResult> CreateAnalysisAsync(
        string projectKey, HttpRequest request, LabService lab, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        var id = await lab.CreateAnalysisAsync(projectKey, Required(body, "inputDataset"), cancellationToken);
        return Answers.Json(new JsonObject { ["id"] = id });
    }

    private static async Task<IResult> GetAnalysisAsync(string projectKey, string analysisId, LabService lab, CancellationToken cancellationToken) =>
        Answers.Json(await lab.GetAnalysisAsync(projectKey, analysisId, cancellationToken));

    private static async Task<IResult> SaveAnalysisAsync(
        string projectKey, string analysisId, HttpRequest request, LabService lab, CancellationToken cancellationToken)
    {
        await lab.SaveAnalysisAsync(projectKey, analysisId, await JsonBody.ReadObjectAsync(request, cancellationToken), cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> DeleteAnalysisAsync(
        string projectKey, string analysisId, LabService lab, CancellationToken cancellationToken)
    {
        await lab.DeleteAnalysisAsync(projectKey, analysisId, cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> ListTasksOfAnalysisAsync(
        string projectKey, string analysisId, LabService lab, CancellationToken cancellationToken)
    {
        await lab.GetAnalysisAsync(projectKey, analysisId, cancellationToken);
        return Answers.Json(Tasks(await lab.ListTasksAsync(projectKey, analysisId, cancellationToken)));
    }

    private static async Task<IResult> ListTasksAsync(string projectKey, LabService lab, CancellationToken cancellationToken) =>
        Answers.Json(Tasks(await lab.ListTasksAsync(projectKey, analysisId: null, cancellationToken)));

    /// <summary>Trainings queue by themselves; there are no queues of tasks to be named.</summary>
    private static async Task<IResult> QueuesAsync(string projectKey, LabService lab, CancellationToken cancellationToken)
    {
        await lab.ListTasksAsync(projectKey, analysisId: null, cancellationToken);
        return Answers.Json(new JsonObject { ["queues"] = new JsonArray() });
    }

    private static async Task<IResult> CreateTaskAsync(string projectKey, HttpRequest request, LabService lab, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        var task = await lab.CreatePredictionTaskAsync(projectKey, Prediction(body, Required(body, "inputDataset")), cancellationToken);
        return Answers.Json(new JsonObject { ["analysisId"] = task.AnalysisId, ["mlTaskId"] = task.MlTaskId });
    }

    private static async Task<IResult> CreateTaskInAnalysisAsync(
        string projectKey, string analysisId, HttpRequest request, LabService lab, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        var task = await lab.CreatePredictionTaskAsync(projectKey, analysisId, Prediction(body, ""), cancellationToken);
        return Answers.Json(new JsonObject { ["analysisId"] = task.AnalysisId, ["mlTaskId"] = task.MlTaskId });
    }

    private static async Task<IResult> StatusAsync(
        string projectKey, string analysisId, string mlTaskId, TrainingService training, CancellationToken cancellationToken)
    {
        var status = await training.GetStatusAsync(new MlTaskRef(projectKey, analysisId, mlTaskId), cancellationToken);
        var wire = new JsonObject { ["guessing"] = false, ["training"] = status.Training };
        if (status.JobId is { Length: > 0 } job) wire["jobId"] = job;
        if (status.Progress is { } progress)
        {
            wire["progress"] = new JsonObject { ["fraction"] = progress.Fraction, ["phase"] = progress.Phase };
            if (progress.Algorithm is { } algorithm) wire["progress"]!["algorithm"] = algorithm;
        }

        wire["fullModelIds"] = new JsonArray([.. status.Models.Select(model => FullModelId(projectKey, analysisId, mlTaskId, model))]);
        return Answers.Json(wire);
    }

    private static async Task<IResult> GetSettingsAsync(
        string projectKey, string analysisId, string mlTaskId, LabService lab, CancellationToken cancellationToken) =>
        Answers.Json(await lab.GetSettingsAsync(new MlTaskRef(projectKey, analysisId, mlTaskId), cancellationToken));

    private static async Task<IResult> SaveSettingsAsync(
        string projectKey, string analysisId, string mlTaskId, HttpRequest request, LabService lab, CancellationToken cancellationToken)
    {
        var settings = await JsonBody.ReadObjectAsync(request, cancellationToken);
        await lab.SaveSettingsAsync(new MlTaskRef(projectKey, analysisId, mlTaskId), settings, cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> GuessAsync(
        string projectKey, string analysisId, string mlTaskId, HttpRequest request, LabService lab, CancellationToken cancellationToken)
    {
        await lab.GuessAsync(
            new MlTaskRef(projectKey, analysisId, mlTaskId), QueryValues.Text(request, "predictionType"), QueryValues.Text(request, "targetVariable"),
            QueryValues.Text(request, "timeVariable"), cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> TrainAsync(
        string projectKey, string analysisId, string mlTaskId, HttpRequest request, TrainingService training, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        var session = await training.StartAsync(
            new MlTaskRef(projectKey, analysisId, mlTaskId), body.String("sessionName"), Answers.Actor(request.HttpContext), cancellationToken);
        return Answers.Json(new JsonObject { ["sessionId"] = session });
    }

    private static async Task<IResult> AbortAsync(
        string projectKey, string analysisId, string mlTaskId, TrainingService training, CancellationToken cancellationToken)
    {
        var aborted = await training.AbortAsync(new MlTaskRef(projectKey, analysisId, mlTaskId), cancellationToken);
        return Answers.Json(new JsonObject { ["ok"] = true, ["aborted"] = aborted });
    }

    /// <summary>Reads a body on GET: the ids asked for; none asks for all.</summary>
    private static async Task<IResult> SnippetsAsync(
        string projectKey, string analysisId, string mlTaskId, HttpRequest request, TrainingService training, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        var status = await training.GetStatusAsync(new MlTaskRef(projectKey, analysisId, mlTaskId), cancellationToken);
        var models = status.Models.ToDictionary(model => model.Id, StringComparer.Ordinal);
        var asked = body["modelsIds"] is JsonArray { Count: > 0 } ids ? ids.Select(id => id?.ToString() ?? "") : models.Keys;
        var snippets = new JsonObject();
        foreach (var id in asked)
        {
            if (!models.TryGetValue(id, out var model)) throw Refusal.NotFound($"There is no trained model '{id}' in ML task '{mlTaskId}'.");
            snippets[id] = ModelWire.Snippet(model);
        }

        return Answers.Json(snippets);
    }

    private static async Task<IResult> DeleteTaskAsync(
        string projectKey, string analysisId, string mlTaskId, LabService lab, CancellationToken cancellationToken)
    {
        await lab.DeleteTaskAsync(new MlTaskRef(projectKey, analysisId, mlTaskId), cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> DetailsAsync(
        string projectKey, string analysisId, string mlTaskId, string modelId, TrainingService training, CancellationToken cancellationToken) =>
        Answers.Json(ModelWire.Details(await training.GetModelAsync(new MlTaskRef(projectKey, analysisId, mlTaskId), modelId, cancellationToken)));

    private static async Task<IResult> SaveUserMetaAsync(
        string projectKey, string analysisId, string mlTaskId, string modelId, HttpRequest request, TrainingService training,
        CancellationToken cancellationToken)
    {
        var meta = await JsonBody.ReadObjectAsync(request, cancellationToken);
        await training.SaveUserMetaAsync(new MlTaskRef(projectKey, analysisId, mlTaskId), modelId, meta, cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> DeleteModelAsync(
        string projectKey, string analysisId, string mlTaskId, string modelId, TrainingService training, CancellationToken cancellationToken)
    {
        await training.DeleteModelAsync(new MlTaskRef(projectKey, analysisId, mlTaskId), modelId, cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> DeployAsync(
        string projectKey, string analysisId, string mlTaskId, string modelId, HttpRequest request, TrainingService training,
        SavedModelService savedModels, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        await training.FindModelAsync(new MlTaskRef(projectKey, analysisId, mlTaskId), modelId, cancellationToken);
        var deployed = await savedModels.DeployAsync(
            projectKey, modelId, body.String("modelName"), Answers.Actor(request.HttpContext), cancellationToken);
        return Answers.Json(new JsonObject
        {
            ["savedModelId"] = deployed.SavedModelId, ["trainRecipeName"] = deployed.TrainRecipeName, ["versionId"] = deployed.VersionId,
        });
    }

    private static async Task<IResult> RedeployAsync(
        string projectKey, string analysisId, string mlTaskId, string modelId, HttpRequest request, TrainingService training,
        SavedModelService savedModels, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        await training.FindModelAsync(new MlTaskRef(projectKey, analysisId, mlTaskId), modelId, cancellationToken);
        var deployed = await savedModels.RedeployAsync(
            projectKey, modelId, body.String("savedModelId"), body.String("recipeName"), body.Boolean("activate") ?? true,
            Answers.Actor(request.HttpContext), cancellationToken);
        return Answers.Json(new JsonObject
        {
            ["impactsDownstream"] = false, ["savedModelId"] = deployed.SavedModelId, ["versionId"] = deployed.VersionId,
        });
    }

    private static CreatePredictionTask Prediction(JsonObject body, string inputDataset)
    {
        if (body.String("taskType") is { } type and not ("PREDICTION" or PredictionTypes.Clustering))
            throw Refusal.Invalid($"ML tasks of type '{type}' are not trained; 'taskType' is PREDICTION or CLUSTERING.");
        if (body.String("backendType") is { } backend and not "PY_MEMORY")
            throw Refusal.Invalid($"Backend '{backend}' is not there; 'backendType' is PY_MEMORY.");
        if (body.String("taskType") == PredictionTypes.Clustering) return Clustering(body, inputDataset);
        if (body.String("predictionType") == PredictionTypes.Clustering) throw Refusal.Invalid("Clustering predicts no target: 'taskType' is CLUSTERING, and 'predictionType' is left out.");
        return new CreatePredictionTask
        {
            InputDataset = inputDataset,
            TargetVariable = Required(body, "targetVariable"),
            PredictionType = body.String("predictionType"),
        };
    }

    private static CreatePredictionTask Clustering(JsonObject body, string inputDataset)
    {
        if (body.String("targetVariable") is { Length: > 0 } target) throw Refusal.Invalid($"Clustering has no target; leave 'targetVariable' ('{target}') out.");
        if (body.String("guessPolicy") is { } policy and not ("KMEANS" or "DEFAULT"))
            throw Refusal.Invalid($"Clustering by the policy '{policy}' is not done; 'guessPolicy' is KMEANS.");
        return new CreatePredictionTask { InputDataset = inputDataset, TargetVariable = "", PredictionType = PredictionTypes.Clustering };
    }

    private static string Required(JsonObject body, string member) =>
        body.String(member) is { Length: > 0 } value ? value : throw Refusal.Invalid($"The body needs '{member}'.");

    private static JsonObject Tasks(IReadOnlyList<MlTaskSummary> tasks) => new()
    {
        ["mlTasks"] = new JsonArray([.. tasks.Select(task => new JsonObject
        {
            ["analysisId"] = task.Task.AnalysisId,
            ["mlTaskId"] = task.Task.MlTaskId,
            ["taskType"] = PredictionTypes.TaskType(task.PredictionType),
            ["predictionType"] = task.PredictionType,
            ["targetVariable"] = task.TargetVariable,
            ["inputDataset"] = task.InputDataset,
        })]),
    };

    private static JsonObject FullModelId(string projectKey, string analysisId, string mlTaskId, TrainedModelSummary model) => new()
    {
        ["id"] = model.Id,
        ["fullModelId"] = new JsonObject
        {
            ["sessionId"] = model.SessionId, ["projectKey"] = projectKey, ["analysisId"] = analysisId, ["mlTaskId"] = mlTaskId,
        },
    };
}
