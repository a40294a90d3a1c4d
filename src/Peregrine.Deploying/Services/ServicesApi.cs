using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Rest;
using Peregrine.Hosting.Http;

namespace Peregrine.Deploying.Services;

internal static class ServicesApi
{
    public static void MapServices(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/services");
        group.MapGet("/", ListAsync);
        group.MapPost("/", CreateAsync);
        group.MapGet("/{serviceId}", GetStatusAsync);
        group.MapDelete("/{serviceId}", DeleteAsync);
        group.MapGet("/{serviceId}/settings", GetSettingsAsync);
        group.MapPut("/{serviceId}/settings", SaveSettingsAsync);
        group.MapPost("/{serviceId}/versions", ImportVersionAsync);
        group.MapGet("/{serviceId}/versions/{versionId}", DownloadVersionAsync);
        group.MapDelete("/{serviceId}/versions/{versionId}", DeleteVersionAsync);
    }

    private static async Task<IResult> ListAsync(PublishedServiceCatalog catalog, CancellationToken cancellationToken) =>
        Answers.Json(await catalog.ListAsync(cancellationToken), DeployerJson.Default.IReadOnlyListServiceStatus);

    private static async Task<IResult> CreateAsync(HttpContext context, PublishedServiceCatalog catalog, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, DeployerJson.Default.CreateServiceRequest, cancellationToken);
        var service = await catalog.CreateAsync(body.PublishedServiceId, Answers.Requester(context), cancellationToken);
        return Answers.Json(service, DeployerJson.Default.ServiceStatus);
    }

    private static async Task<IResult> GetStatusAsync(string serviceId, PublishedServiceCatalog catalog, CancellationToken cancellationToken) =>
        Answers.Json(await catalog.GetStatusAsync(serviceId, cancellationToken), DeployerJson.Default.ServiceStatus);

    private static async Task<IResult> DeleteAsync(string serviceId, PublishedServiceCatalog catalog, CancellationToken cancellationToken)
    {
        await catalog.DeleteAsync(serviceId, cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> GetSettingsAsync(
        string serviceId, HttpContext context, PublishedServiceCatalog catalog, CancellationToken cancellationToken) =>
        Answers.Document(context, await catalog.GetSettingsAsync(serviceId, cancellationToken), DeployerJson.Default.ServiceSettings);

    private static async Task<IResult> SaveSettingsAsync(
        string serviceId, HttpRequest request, PublishedServiceCatalog catalog, CancellationToken cancellationToken)
    {
        var settings = await JsonBody.ReadAsync(request, DeployerJson.Default.ServiceSettings, cancellationToken);
        await catalog.SaveSettingsAsync(serviceId, settings, Answers.BasedOn(request), cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> ImportVersionAsync(
        string serviceId, HttpContext context, PublishedServiceCatalog catalog, IOptions<DeployingOptions> options, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(options.Value.DataDirectory, "incoming")).FullName;
        await using var upload = await UploadReader.ReadRequiredAsync(context.Request, folder, options.Value.MaxPackageBytes, cancellationToken);
        await using var archive = upload.OpenRead();
        var version = await catalog.ImportVersionAsync(serviceId, archive, Answers.Requester(context), cancellationToken);
        return Answers.Json(version, DeployerJson.Default.PublishedVersion);
    }

    /// <summary>The archive as it is: callers read the raw stream, so nothing may encode it on its way.</summary>
    private static async Task<IResult> DownloadVersionAsync(
        string serviceId, string versionId, PublishedServiceCatalog catalog, CancellationToken cancellationToken)
    {
        var archive = await catalog.OpenVersionAsync(serviceId, versionId, cancellationToken);
        return TypedResults.Stream(archive.Content, "application/zip", archive.FileName);
    }

    private static async Task<IResult> DeleteVersionAsync(
        string serviceId, string versionId, PublishedServiceCatalog catalog, CancellationToken cancellationToken)
    {
        await catalog.DeleteVersionAsync(serviceId, versionId, cancellationToken);
        return Answers.Ok();
    }
}
