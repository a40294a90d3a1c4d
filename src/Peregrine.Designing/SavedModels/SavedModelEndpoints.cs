using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Designing.Lab;
using Peregrine.Designing.Rest;
using Peregrine.Hosting.Http;

namespace Peregrine.Designing.SavedModels;

internal static class SavedModelEndpoints
{
    public static void MapSavedModels(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/projects/{projectKey}/savedmodels").WithTags("Saved models");
        group.MapGet("/", ListAsync);
        group.MapGet("/{id}", GetAsync);
        group.MapPut("/{id}", SaveAsync);
        group.MapDelete("/{id}", DeleteAsync);
        group.MapGet("/{id}/versions", ListVersionsAsync);
        group.MapPost("/{id}/actions/delete-versions", DeleteVersionsAsync);
        group.MapGet("/{id}/metrics/{version}", MetricsAsync);
        group.MapGet("/{id}/versions/{version}/details", DetailsAsync);
        group.MapGet("/{id}/versions/{version}/snippet", SnippetAsync);
        group.MapPut("/{id}/versions/{version}/user-meta", SaveUserMetaAsync);
        group.MapPost("/{id}/versions/{version}/actions/setActive", SetActiveAsync);
    }

    private static async Task<IResult> ListAsync(string projectKey, SavedModelService models, CancellationToken cancellationToken) =>
        Answers.List((await models.ListAsync(projectKey, cancellationToken)).Select(model => new JsonObject
        {
            ["id"] = model.Id,
            ["name"] = model.Name,
            ["projectKey"] = model.ProjectKey,
            ["type"] = PredictionTypes.TaskType(model.PredictionType),
            ["savedModelType"] = "DSS_MANAGED",
            ["miniTask"] = new JsonObject
            {
                ["taskType"] = PredictionTypes.TaskType(model.PredictionType), ["predictionType"] = model.PredictionType, ["targetVariable"] = model.Target,
            },
            ["activeVersion"] = model.ActiveVersion,
            ["versions"] = model.Versions,
        }));

    private static async Task<IResult> GetAsync(string projectKey, string id, SavedModelService models, CancellationToken cancellationToken) =>
        Answers.Json(await models.GetDocumentAsync(projectKey, id, cancellationToken));

    private static async Task<IResult> SaveAsync(
        string projectKey, string id, HttpRequest request, SavedModelService models, CancellationToken cancellationToken)
    {
        await models.SaveDocumentAsync(projectKey, id, await JsonBody.ReadObjectAsync(request, cancellationToken), cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> DeleteAsync(string projectKey, string id, SavedModelService models, CancellationToken cancellationToken)
    {
        await models.DeleteAsync(projectKey, id, cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> ListVersionsAsync(
        string projectKey, string id, SavedModelService models, CancellationToken cancellationToken)
    {
        var model = await models.GetAsync(projectKey, id, cancellationToken);
        var versions = await models.ListVersionsAsync(projectKey, id, cancellationToken);
        return Answers.List(versions.Select(version => new JsonObject
        {
            ["id"] = version.Id,
            ["active"] = version.Active,
            ["createdOn"] = version.CreatedOn.ToUnixTimeMilliseconds(),
            ["createdBy"] = version.CreatedBy,
            ["artifactDigest"] = version.ArtifactDigest,
            ["snippet"] = ModelWire.Snippet(model, version),
        }));
    }

    private static async Task<IResult> DeleteVersionsAsync(
        string projectKey, string id, HttpRequest request, SavedModelService models, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        if (body["versions"] is not JsonArray versions) throw Refusal.Invalid("The body needs a list 'versions'.");
        await models.DeleteVersionsAsync(projectKey, id, [.. versions.Select(version => version?.ToString() ?? "")], cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> MetricsAsync(
        string projectKey, string id, string version, SavedModelService models, CancellationToken cancellationToken)
    {
        var details = await models.GetVersionAsync(projectKey, id, version, cancellationToken);
        return Answers.Json(new JsonObject
        {
            ["metrics"] = new JsonArray([.. details.Version.Metrics.Select(metric => new JsonObject
            {
                ["metric"] = new JsonObject { ["id"] = $"model_perf:{metric.Key}" },
                ["lastValues"] = new JsonArray(new JsonObject
                {
                    ["partition"] = "NP", ["value"] = metric.Value.ToString("R", CultureInfo.InvariantCulture), ["dataType"] = "DOUBLE",
                }),
            })]),
        });
    }

    private static async Task<IResult> DetailsAsync(
        string projectKey, string id, string version, SavedModelService models, CancellationToken cancellationToken)
    {
        var model = await models.GetAsync(projectKey, id, cancellationToken);
        return Answers.Json(ModelWire.Details(model, await models.GetVersionAsync(projectKey, id, version, cancellationToken)));
    }

    private static async Task<IResult> SnippetAsync(
        string projectKey, string id, string version, SavedModelService models, CancellationToken cancellationToken)
    {
        var model = await models.GetAsync(projectKey, id, cancellationToken);
        return Answers.Json(ModelWire.Snippet(model, (await models.GetVersionAsync(projectKey, id, version, cancellationToken)).Version));
    }

    private static async Task<IResult> SaveUserMetaAsync(
        string projectKey, string id, string version, HttpRequest request, SavedModelService models, CancellationToken cancellationToken)
    {
        var meta = await JsonBody.ReadObjectAsync(request, cancellationToken);
        await models.SaveUserMetaAsync(projectKey, id, version, meta, cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> SetActiveAsync(
        string projectKey, string id, string version, SavedModelService models, CancellationToken cancellationToken)
    {
        await models.SetActiveAsync(projectKey, id, version, cancellationToken);
        return Answers.Ok();
    }
}
