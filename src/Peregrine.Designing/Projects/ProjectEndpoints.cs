using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Designing.Json;
using Peregrine.Designing.Rest;
using Peregrine.Hosting.Futures;
using Peregrine.Hosting.Http;

namespace Peregrine.Designing.Projects;

internal static class ProjectEndpoints
{
    public static void MapProjects(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/projects").WithTags("Projects");
        group.MapGet("/", ListAsync);
        group.MapPost("/", CreateAsync);
        group.MapGet("/{projectKey}", GetAsync);
        group.MapDelete("/{projectKey}", DeleteAsync);
        foreach (var document in Enum.GetValues<ProjectDocument>()) MapDocument(group, document);
    }

    private static void MapDocument(RouteGroupBuilder group, ProjectDocument document)
    {
#pragma warning disable CA1308 // the wire's own spelling
        var path = $"/{{projectKey}}/{document.ToString().ToLowerInvariant()}";
#pragma warning restore CA1308
        group.MapGet(path, async (string projectKey, ProjectService projects, CancellationToken cancellationToken) =>
            Answers.Json(await projects.GetDocumentAsync(projectKey, document, cancellationToken)));
        group.MapPut(path, async (string projectKey, HttpRequest request, ProjectService projects, CancellationToken cancellationToken) =>
        {
            var content = await JsonBody.ReadObjectAsync(request, cancellationToken);
            await projects.SaveDocumentAsync(projectKey, document, content, Answers.Actor(request.HttpContext), cancellationToken);
            return Answers.Ok();
        });
    }

    private static async Task<IResult> ListAsync(ProjectService projects, CancellationToken cancellationToken) =>
        Answers.List((await projects.ListAsync(cancellationToken)).Select(Wire));

    private static async Task<IResult> GetAsync(string projectKey, ProjectService projects, CancellationToken cancellationToken) =>
        Answers.Json(Wire(await projects.GetAsync(projectKey, cancellationToken)));

    private static async Task<IResult> CreateAsync(HttpRequest request, ProjectService projects, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        var created = await projects.CreateAsync(
            new CreateProject
            {
                ProjectKey = body.String("projectKey") ?? "",
                Name = body.String("name"),
                Owner = body.String("owner"),
                Description = body.String("description"),
                Settings = body["settings"] as JsonObject,
                Permissions = body["permissions"] as JsonArray,
                Tags = body["tags"] as JsonArray,
            },
            Answers.Actor(request.HttpContext),
            cancellationToken);
        return Answers.Json(new JsonObject { ["ok"] = true, ["msg"] = $"Created project {created.ProjectKey}", ["projectKey"] = created.ProjectKey });
    }

    private static Task<IResult> DeleteAsync(
        string projectKey, HttpContext context, ProjectService projects, FutureRegistry futures, TimeProvider time,
        CancellationToken cancellationToken) =>
        JobAnswers.RunAsync(
            futures, $"Deletion of project '{projectKey}'", Answers.Actor(context),
            async stop =>
            {
                await projects.DeleteAsync(projectKey, stop);
                return new JsonObject { ["projectKey"] = projectKey };
            },
            time, cancellationToken);

    private static JsonObject Wire(ProjectSummary project) => new()
    {
        ["projectKey"] = project.ProjectKey,
        ["name"] = project.Name,
        ["shortDesc"] = project.Description ?? "",
        ["ownerLogin"] = project.Owner,
        ["tags"] = new JsonArray(),
        ["creationTag"] = new JsonObject { ["versionNumber"] = 0, ["lastModifiedOn"] = project.CreatedOn.ToUnixTimeMilliseconds() },
        ["datasets"] = project.Datasets,
        ["analyses"] = project.Analyses,
        ["savedModels"] = project.SavedModels,
        ["apiServices"] = project.ApiServices,
    };
}
