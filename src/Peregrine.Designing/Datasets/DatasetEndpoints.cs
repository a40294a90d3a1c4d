using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Peregrine.Designing.Json;
using Peregrine.Designing.Rest;
using Peregrine.Hosting.Futures;
using Peregrine.Hosting.Http;

namespace Peregrine.Designing.Datasets;

internal static class DatasetEndpoints
{
    private const string NotPartitioned = "NP";

    public static void MapDatasets(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/projects/{projectKey}/datasets").WithTags("Datasets");
        group.MapGet("/", ListAsync);
        group.MapPost("/", CreateAsync);
        group.MapGet("/{dataset}", GetSettingsAsync);
        group.MapPut("/{dataset}", SaveSettingsAsync);
        group.MapDelete("/{dataset}", DeleteAsync);
        group.MapGet("/{dataset}/uploaded/files", ListFilesAsync);
        group.MapPost("/{dataset}/uploaded/files", UploadAsync);
        group.MapPost("/{dataset}/actions/testAndDetectSettings/fsLike", DetectAsync);
        group.MapGet("/{dataset}/schema", GetSchemaAsync);
        group.MapPut("/{dataset}/schema", SaveSchemaAsync);
        group.MapGet("/{dataset}/metadata", GetMetadataAsync);
        group.MapPut("/{dataset}/metadata", SaveMetadataAsync);
        group.MapGet("/{dataset}/info", InfoAsync);
        group.MapGet("/{dataset}/partitions", PartitionsAsync);
        group.MapGet("/{dataset}/metrics/last/{partition}", MetricsAsync);
        group.MapGet("/{dataset}/rows", RowsAsync);
        group.MapGet("/{dataset}/profile", ProfileAsync);
        group.MapGet("/{dataset}/data", DatasetStreaming.StreamAsync);
        group.MapDelete("/{dataset}/data", ClearAsync);
        group.MapGet("/{dataset}/finish-streaming", DatasetStreaming.Finish);
    }

    private static async Task<IResult> ListAsync(string projectKey, DatasetService datasets, CancellationToken cancellationToken) =>
        Answers.List((await datasets.ListAsync(projectKey, cancellationToken)).Select(DatasetWire.Item));

    private static async Task<IResult> CreateAsync(
        string projectKey, HttpRequest request, DatasetService datasets, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        var type = body.String("type") ?? DatasetDocument.UploadedFiles;
        if (!string.Equals(type, DatasetDocument.UploadedFiles, StringComparison.Ordinal))
            throw Refusal.Invalid($"Datasets of type '{type}' cannot be made here; make one of type '{DatasetDocument.UploadedFiles}' and upload a CSV file to it.");
        var created = await datasets.CreateUploadAsync(projectKey, body.String("name") ?? "", Answers.Actor(request.HttpContext), cancellationToken);
        return Answers.Json(DatasetWire.Item(created));
    }

    private static async Task<IResult> GetSettingsAsync(
        string projectKey, string dataset, DatasetService datasets, CancellationToken cancellationToken) =>
        Answers.Json(await datasets.GetSettingsAsync(projectKey, dataset, cancellationToken));

    private static async Task<IResult> SaveSettingsAsync(
        string projectKey, string dataset, HttpRequest request, DatasetService datasets, CancellationToken cancellationToken)
    {
        var settings = await JsonBody.ReadObjectAsync(request, cancellationToken);
        await datasets.SaveSettingsAsync(projectKey, dataset, settings, Answers.Actor(request.HttpContext), cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> DeleteAsync(
        string projectKey, string dataset, DatasetService datasets, CancellationToken cancellationToken)
    {
        await datasets.DeleteAsync(projectKey, dataset, cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> ClearAsync(
        string projectKey, string dataset, DatasetService datasets, CancellationToken cancellationToken)
    {
        await datasets.ClearAsync(projectKey, dataset, cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> ListFilesAsync(
        string projectKey, string dataset, DatasetService datasets, CancellationToken cancellationToken) =>
        Answers.List((await datasets.FilesAsync(projectKey, dataset, cancellationToken)).Select(DatasetWire.File));

    private static async Task<IResult> UploadAsync(
        string projectKey, string dataset, HttpRequest request, DatasetService datasets, IOptions<DesigningOptions> options,
        CancellationToken cancellationToken)
    {
        await datasets.GetAsync(projectKey, dataset, cancellationToken);
        var folder = Directory.CreateDirectory(Path.Combine(options.Value.DataDirectory, "uploads")).FullName;
        await using var upload = await UploadReader.ReadRequiredAsync(request, folder, options.Value.MaxUploadBytes, cancellationToken);
        await using var content = upload.OpenRead();
        var file = await datasets.UploadAsync(projectKey, dataset, upload.FileName, content, cancellationToken);
        var answer = DatasetWire.File(file);
        answer["ok"] = true;
        return Answers.Json(answer);
    }

    private static async Task<IResult> DetectAsync(
        string projectKey, string dataset, HttpRequest request, DatasetService datasets, FutureRegistry futures, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        var infer = body.Boolean("inferStorageTypes") ?? false;
        return await JobAnswers.RunAsync(
            futures, $"Detection of the format of dataset '{projectKey}.{dataset}'", Answers.Actor(request.HttpContext),
            async stop => DatasetWire.Detection(await datasets.DetectAsync(projectKey, dataset, infer, stop)),
            time, cancellationToken);
    }

    private static async Task<IResult> GetSchemaAsync(
        string projectKey, string dataset, DatasetService datasets, CancellationToken cancellationToken) =>
        Answers.Json(await datasets.GetSchemaAsync(projectKey, dataset, cancellationToken));

    private static async Task<IResult> SaveSchemaAsync(
        string projectKey, string dataset, HttpRequest request, DatasetService datasets, CancellationToken cancellationToken)
    {
        var schema = await JsonBody.ReadObjectAsync(request, cancellationToken);
        await datasets.SaveSchemaAsync(projectKey, dataset, schema, Answers.Actor(request.HttpContext), cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> GetMetadataAsync(
        string projectKey, string dataset, DatasetService datasets, CancellationToken cancellationToken) =>
        Answers.Json(await datasets.GetMetadataAsync(projectKey, dataset, cancellationToken));

    private static async Task<IResult> SaveMetadataAsync(
        string projectKey, string dataset, HttpRequest request, DatasetService datasets, CancellationToken cancellationToken)
    {
        var metadata = await JsonBody.ReadObjectAsync(request, cancellationToken);
        await datasets.SaveMetadataAsync(projectKey, dataset, metadata, Answers.Actor(request.HttpContext), cancellationToken);
        return Answers.Ok();
    }

    /// <summary>Without <c>lastBuild</c>: an uploaded dataset is not built, and clients want the member absent then.</summary>
    private static async Task<IResult> InfoAsync(string projectKey, string dataset, DatasetService datasets, CancellationToken cancellationToken)
    {
        var summary = await datasets.GetAsync(projectKey, dataset, cancellationToken);
        return Answers.Json(new JsonObject { ["projectKey"] = projectKey, ["name"] = dataset, ["type"] = summary.Type });
    }

    private static async Task<IResult> PartitionsAsync(
        string projectKey, string dataset, DatasetService datasets, CancellationToken cancellationToken)
    {
        await datasets.GetAsync(projectKey, dataset, cancellationToken);
        return Answers.Json(new JsonArray(NotPartitioned));
    }

    private static async Task<IResult> MetricsAsync(
        string projectKey, string dataset, DatasetService datasets, CancellationToken cancellationToken) =>
        Answers.Json(DatasetWire.Metrics(await datasets.GetAsync(projectKey, dataset, cancellationToken), NotPartitioned));

    private static async Task<IResult> RowsAsync(
        string projectKey, string dataset, HttpRequest request, DatasetService datasets, CancellationToken cancellationToken)
    {
        var offset = QueryValues.Integer(request, "offset", 0, 0, int.MaxValue);
        var limit = QueryValues.Integer(request, "limit", 100, 1, DatasetService.MaxPageRows);
        return Answers.Json(DatasetWire.Rows(await datasets.GetRowsAsync(projectKey, dataset, offset, limit, cancellationToken)));
    }

    private static async Task<IResult> ProfileAsync(
        string projectKey, string dataset, DatasetService datasets, CancellationToken cancellationToken) =>
        Answers.List((await datasets.GetProfileAsync(projectKey, dataset, cancellationToken)).Select(DatasetWire.Profile));
}
