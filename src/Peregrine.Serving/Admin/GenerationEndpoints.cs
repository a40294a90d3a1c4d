using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.ApiNode;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Http;
using Peregrine.Serving.Access.Admin;
using Peregrine.Serving.Changes;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Admin;

/// <summary>Generations: list, import by upload or from an allowed folder, preload, delete.</summary>
internal static class GenerationEndpoints
{
    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/services/{service}/generations", List);
        admin.MapGet("/service/{service}/generations", List); // as the reference page spells it
        admin.MapPost("/services/{service}/generations", UploadAsync);
        admin.MapPost("/services/{service}/generations/actions/importFromArchive", ImportFromArchiveAsync);
        admin.MapPost("/services/{service}/generations/{generation}/preload", PreloadAsync).ForRole(AdminRole.Operator);
        admin.MapDelete("/services/{service}/generations/{generation}", DeleteAsync);
        admin.MapGet("/packages/{digest}", FindPackage);
    }

    private static JsonHttpResult<NodeGenerations> List(string service, NodeDescription description) =>
        TypedResults.Json(new NodeGenerations(description.Describe(service).Generations), ApiNodeJson.Default.NodeGenerations);

    private static async Task<JsonHttpResult<NodeImport>> UploadAsync(
        string service, HttpRequest request, NodeDescription description, GenerationChanges changes, ServiceStore store, IOptions<ServingOptions> options,
        CancellationToken cancellationToken)
    {
        _ = description.Describe(service); // 404 before the body is read
        await using var upload = await UploadReader.ReadRequiredAsync(request, store.GenerationsFolder(service), options.Value.MaxPackageBytes, cancellationToken);
        var wanted = QueryValues.Text(request, "digest");
        if (wanted is not null && !string.Equals(wanted, upload.Digest, StringComparison.OrdinalIgnoreCase))
            throw ApiError.BadRequest(
                "The upload does not have the digest that was announced.",
                $"The upload has digest {upload.Digest}, but {wanted} was announced: it was cut short or changed on its way. Send it again.", "DigestMismatch").AsException();
        return TypedResults.Json(await changes.ImportAsync(service, upload.Path, cancellationToken), ApiNodeJson.Default.NodeImport);
    }

    private static async Task<JsonHttpResult<NodeImport>> ImportFromArchiveAsync(
        string service, HttpRequest request, NodeDescription description, GenerationChanges changes, ServiceStore store, ImportFolders folders,
        CancellationToken cancellationToken)
    {
        _ = description.Describe(service);
        var source = folders.Resolve(QueryValues.RequiredText(request, "filePath"));
        var copy = Path.Combine(store.GenerationsFolder(service), $"import.{Guid.NewGuid():N}.tmp");
        try
        {
            await folders.CopyAsync(source, copy, cancellationToken);
            return TypedResults.Json(await changes.ImportAsync(service, copy, cancellationToken), ApiNodeJson.Default.NodeImport);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static async Task<ContentHttpResult> PreloadAsync(string service, string generation, GenerationChanges changes, CancellationToken cancellationToken)
    {
        await changes.PreloadAsync(service, generation, cancellationToken);
        return Done.Ok();
    }

    private static async Task<ContentHttpResult> DeleteAsync(string service, string generation, GenerationChanges changes, CancellationToken cancellationToken)
    {
        await changes.DeleteAsync(service, generation, cancellationToken);
        return Done.Ok();
    }

    /// <summary>Where the node has a package already, so that it need not be sent again.</summary>
    private static ContentHttpResult FindPackage(string digest, NodeState node, ServiceStore store)
    {
        var places = node.Current.Services.Values
            .SelectMany(service => service.Document.Generations.Where(stored => string.Equals(stored.Digest, digest, StringComparison.OrdinalIgnoreCase))
                .Where(stored => File.Exists(store.PackagePath(service.Id, stored.Id)))
                .Select(stored => (JsonNode)new JsonObject { ["serviceId"] = service.Id, ["generation"] = stored.Id }))
            .ToArray();
        if (places.Length == 0) throw ApiError.NotFound("This node has no package of that digest.", "This node has no package of that digest. Upload it.", "PackageNotFound").AsException();
        return Done.With(new JsonObject { ["digest"] = digest, ["generations"] = new JsonArray(places) });
    }
}
