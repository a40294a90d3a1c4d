using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Designing.ApiServices.Access;
using Peregrine.Designing.Json;
using Peregrine.Designing.Rest;
using Peregrine.Hosting.Http;

namespace Peregrine.Designing.ApiServices;

/// <summary>The API Designer's REST calls.</summary>
internal static class ApiServiceEndpoints
{
    public static void MapApiServices(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/projects/{projectKey}/apiservices").WithTags("API Designer");
        group.MapGet("/", ListAsync);
        var service = group.MapGroup("/{serviceId}");
        service.MapPost("/", CreateAsync);
        service.MapDelete("/", DeleteAsync);
        service.MapGet("/settings", GetSettingsAsync);
        service.MapPut("/settings", SaveSettingsAsync);
        service.MapAccess();
        MapPart(service, "schema", designer => designer.GetSchemaAsync, designer => designer.ChangeSchemaAsync);
        MapPart(service, "log", designer => designer.GetLogAsync, designer => designer.ChangeLogAsync);
        MapPart(service, "explanations", designer => designer.GetExplanationsAsync, designer => designer.ChangeExplanationsAsync);
        service.MapGet("/endpoints/{endpointId}/test-queries", GetTestQueriesAsync);
        service.MapPut("/endpoints/{endpointId}/test-queries", SaveTestQueriesAsync);
        service.MapPost("/endpoints/{endpointId}/test-queries/actions/generate", GenerateTestQueriesAsync);
        service.MapPost("/endpoints/{endpointId}/test-queries/actions/run", RunTestQueriesAsync);
        service.MapGet("/packages", ListPackagesAsync);
        service.MapPost("/packages/{packageId}", CreatePackageAsync);
        service.MapDelete("/packages/{packageId}", DeletePackageAsync);
        service.MapGet("/packages/{packageId}/summary", PackageSummaryAsync);
        service.MapGet("/packages/{packageId}/archive", ArchiveAsync);
        service.MapPost("/packages/{packageId}/publish", PublishAsync);
    }

    private static async Task<IResult> ListAsync(string projectKey, ApiServiceDesigner designer, CancellationToken cancellationToken) =>
        Answers.List((await designer.ListAsync(projectKey, cancellationToken)).Select(service => new JsonObject
        {
            ["id"] = service.Id,
            ["name"] = service.Id,
            ["projectKey"] = service.ProjectKey,
            ["authMethod"] = service.AuthMethod,
            ["endpoints"] = new JsonArray([.. service.Endpoints.Select(endpoint => new JsonObject
            {
                ["id"] = endpoint.Id, ["type"] = endpoint.Type, ["modelRef"] = endpoint.ModelRef, ["dataset"] = endpoint.Lookup?.Dataset,
            })]),
            ["packages"] = service.Packages,
            ["lastModifiedOn"] = service.ChangedOn.ToUnixTimeMilliseconds(),
            ["lastModifiedBy"] = service.ChangedBy,
        }));

    private static async Task<IResult> CreateAsync(
        string projectKey, string serviceId, HttpContext context, ApiServiceDesigner designer, CancellationToken cancellationToken)
    {
        await designer.CreateAsync(projectKey, serviceId, Answers.Actor(context), cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> DeleteAsync(
        string projectKey, string serviceId, ApiServiceDesigner designer, CancellationToken cancellationToken)
    {
        await designer.DeleteAsync(projectKey, serviceId, cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> GetSettingsAsync(
        string projectKey, string serviceId, ApiServiceDesigner designer, CancellationToken cancellationToken) =>
        Answers.Json(await designer.GetSettingsAsync(projectKey, serviceId, cancellationToken));

    private static async Task<IResult> SaveSettingsAsync(
        string projectKey, string serviceId, HttpRequest request, ApiServiceDesigner designer, CancellationToken cancellationToken)
    {
        var settings = await JsonBody.ReadObjectAsync(request, cancellationToken);
        await designer.SaveSettingsAsync(projectKey, serviceId, settings, Answers.Actor(request.HttpContext), cancellationToken);
        return Answers.Ok();
    }

    /// <summary>One part of an endpoint's settings by itself: read whole, changed by what the body has, and told as it is then.</summary>
    private static void MapPart(RouteGroupBuilder service, string name, Func<ApiServiceDesigner, ReadPart> read, Func<ApiServiceDesigner, ChangePart> change)
    {
        var route = $"/endpoints/{{endpointId}}/{name}";
        service.MapGet(route, async (string projectKey, string serviceId, string endpointId, ApiServiceDesigner designer, CancellationToken cancellationToken) =>
            Answers.Json(await read(designer)(projectKey, serviceId, endpointId, cancellationToken)));
        service.MapPut(route, async (string projectKey, string serviceId, string endpointId, HttpRequest request, ApiServiceDesigner designer, CancellationToken cancellationToken) =>
        {
            var changes = await JsonBody.ReadObjectAsync(request, cancellationToken);
            await change(designer)(projectKey, serviceId, endpointId, changes, Answers.Actor(request.HttpContext), cancellationToken);
            return Answers.Json(await read(designer)(projectKey, serviceId, endpointId, cancellationToken));
        });
    }

    private static async Task<IResult> GetTestQueriesAsync(
        string projectKey, string serviceId, string endpointId, ApiServiceDesigner designer, CancellationToken cancellationToken) =>
        Answers.Json(await designer.GetTestQueriesAsync(projectKey, serviceId, endpointId, cancellationToken));

    private static async Task<IResult> SaveTestQueriesAsync(
        string projectKey, string serviceId, string endpointId, HttpRequest request, ApiServiceDesigner designer, CancellationToken cancellationToken)
    {
        var queries = await JsonBody.ReadAsync(request, cancellationToken) as JsonArray
            ?? throw Refusal.Invalid("The body is a list of test queries: [{\"q\":{\"features\":{…}}}].");
        await designer.SaveTestQueriesAsync(projectKey, serviceId, endpointId, queries, Answers.Actor(request.HttpContext), cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> GenerateTestQueriesAsync(
        string projectKey, string serviceId, string endpointId, HttpRequest request, ApiServiceDesigner designer, CancellationToken cancellationToken)
    {
        var rows = QueryValues.Integer(request, "rows", 5, 1, 100);
        var queries = await designer.GenerateTestQueriesAsync(
            projectKey, serviceId, endpointId, rows, Answers.Actor(request.HttpContext), cancellationToken);
        return Answers.Json(new JsonObject { ["testQueries"] = queries });
    }

    private static async Task<IResult> RunTestQueriesAsync(
        string projectKey, string serviceId, string endpointId, HttpRequest request, ApiServiceDesigner designer, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        var results = await designer.RunTestQueriesAsync(projectKey, serviceId, endpointId, body["queries"] as JsonArray, body.Boolean("explain") ?? false, cancellationToken);
        return Answers.Json(new JsonObject { ["responses"] = new JsonArray([.. results.Select(Wire)]) });
    }

    private static async Task<IResult> ListPackagesAsync(
        string projectKey, string serviceId, ServicePackages packages, CancellationToken cancellationToken) =>
        Answers.List((await packages.ListAsync(projectKey, serviceId, cancellationToken)).Select(Wire));

    private static async Task<IResult> CreatePackageAsync(
        string projectKey, string serviceId, string packageId, HttpRequest request, ServicePackages packages, CancellationToken cancellationToken)
    {
        var package = await packages.CreateAsync(
            projectKey, serviceId, packageId, QueryValues.Text(request, "releaseNotes"), Answers.Actor(request.HttpContext), cancellationToken);
        return Answers.Json(new JsonObject { ["ok"] = true, ["id"] = package.Id, ["digest"] = package.Digest });
    }

    private static async Task<IResult> DeletePackageAsync(
        string projectKey, string serviceId, string packageId, ServicePackages packages, CancellationToken cancellationToken)
    {
        await packages.DeleteAsync(projectKey, serviceId, packageId, cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> PackageSummaryAsync(
        string projectKey, string serviceId, string packageId, ServicePackages packages, CancellationToken cancellationToken) =>
        Answers.Json(Wire(await packages.GetAsync(projectKey, serviceId, packageId, cancellationToken)));

    /// <summary>Sent as it is: clients hand the raw stream on, so it must never be encoded.</summary>
    private static async Task<IResult> ArchiveAsync(
        string projectKey, string serviceId, string packageId, ServicePackages packages, CancellationToken cancellationToken)
    {
        var archive = await packages.OpenArchiveAsync(projectKey, serviceId, packageId, cancellationToken);
        return Results.Stream(archive, "application/zip", $"{serviceId}-{packageId}.zip");
    }

    private static async Task<IResult> PublishAsync(
        string projectKey, string serviceId, string packageId, HttpRequest request, ServicePackages packages, CancellationToken cancellationToken)
    {
        var package = await packages.PublishAsync(
            projectKey, serviceId, packageId, QueryValues.Text(request, "publishedServiceId"), cancellationToken);
        return Answers.Json(new JsonObject { ["ok"] = true, ["publishedServiceId"] = package.PublishedServiceId });
    }

    private static JsonObject Wire(TestQueryResult result)
    {
        var wire = new JsonObject { ["query"] = result.Query, ["timing"] = new JsonObject { ["ms"] = result.Elapsed.TotalMilliseconds } };
        if (result.Result is { } answer) wire["result"] = answer;
        if (result.Error is { } error) wire["error"] = error;
        return wire;
    }

    private static JsonObject Wire(PackageSummary package)
    {
        var wire = new JsonObject
        {
            ["id"] = package.Id,
            ["createdOn"] = package.CreatedOn.ToUnixTimeMilliseconds(),
            ["createdBy"] = package.CreatedBy,
            ["digest"] = package.Digest,
            ["size"] = package.Size,
            ["endpoints"] = new JsonArray([.. package.Endpoints.Select(endpoint => new JsonObject
            {
                ["id"] = endpoint.Id,
                ["type"] = endpoint.Type,
                ["savedModel"] = endpoint.SavedModel,
                ["savedModelVersion"] = endpoint.SavedModelVersion,
                ["modelDigest"] = endpoint.ModelDigest,
                ["dataset"] = endpoint.Dataset,
                ["rows"] = endpoint.Rows,
                ["goldenRecords"] = endpoint.GoldenRecords,
                ["testQueries"] = endpoint.TestQueries,
            })]),
        };
        if (package.ReleaseNotes is { } notes) wire["releaseNotes"] = notes;
        if (package.PublishedOn is { } published) wire["publishedOn"] = published.ToUnixTimeMilliseconds();
        if (package.PublishedServiceId is { } publishedAs) wire["publishedServiceId"] = publishedAs;
        return wire;
    }

    private delegate Task<JsonObject> ReadPart(string projectKey, string serviceId, string endpointId, CancellationToken cancellationToken);

    private delegate Task ChangePart(string projectKey, string serviceId, string endpointId, JsonObject changes, string actor, CancellationToken cancellationToken);
}
