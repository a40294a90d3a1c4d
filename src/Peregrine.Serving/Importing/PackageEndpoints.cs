using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.ApiNode;
using Peregrine.Packages;

namespace Peregrine.Serving.Importing;

/// <summary>
/// Uploads that can be resumed: what the node has of a package, the bytes that follow, and the import at their end. The headers are those of the
/// IETF's resumable uploads (draft-ietf-httpbis-resumable-upload): <c>Upload-Offset</c> and <c>Upload-Complete</c>.
/// </summary>
internal static class PackageEndpoints
{
    private const string OffsetHeader = "Upload-Offset";
    private const string CompleteHeader = "Upload-Complete";
    private const string Path = "/services/{service}/packages/{digest}";

    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapMethods(Path, [HttpMethods.Get, HttpMethods.Head], Find);
        admin.MapPatch(Path, AppendAsync);
        admin.MapPost(Path + "/import", ImportAsync);
        admin.MapDelete(Path, Delete);
    }

    private static IResult Find(string service, string digest, HttpResponse response, PackageImports imports)
    {
        var found = imports.Find(service, Checked(digest));
        response.Headers[OffsetHeader] = Text(found?.Bytes ?? 0);
        response.Headers[CompleteHeader] = found is { Place: not PackagePlace.Partial } ? "?1" : "?0";
        return found is null ? ImportFaults.NotFound(digest).Error.AsResult() : TypedResults.Json(found, ApiNodeJson.Default.NodePackage);
    }

    /// <summary>Takes the bytes that follow. With <c>Upload-Complete: ?1</c> they are the last, and the package is checked and imported.</summary>
    private static async Task<IResult> AppendAsync(
        string service, string digest, HttpContext context, PackageImports imports, IOptions<ServingOptions> options, CancellationToken cancellationToken)
    {
        _ = imports.Find(service, Checked(digest)); // 404 before the body is read
        var offset = OffsetOf(context.Request);
        var complete = IsComplete(context.Request);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = options.Value.MaxPackageBytes;
        var arrived = await imports.AppendAsync(service, digest, offset, context.Request.Body, cancellationToken);
        context.Response.Headers[OffsetHeader] = Text(arrived.Bytes);
        return complete
            ? TypedResults.Json(await imports.CompleteAsync(service, digest, cancellationToken), ApiNodeJson.Default.NodeImport)
            : TypedResults.Json(arrived, ApiNodeJson.Default.NodePackage);
    }

    private static async Task<IResult> ImportAsync(string service, string digest, PackageImports imports, CancellationToken cancellationToken) =>
        TypedResults.Json(await imports.ImportAsync(service, Checked(digest), cancellationToken), ApiNodeJson.Default.NodeImport);

    private static IResult Delete(string service, string digest, PackageImports imports, PartialUploads partial)
    {
        _ = imports.Find(service, Checked(digest));
        partial.Delete(service, digest);
        return Admin.Done.Ok();
    }

    private static string Checked(string digest) => Digests.IsValid(digest) ? digest : throw ImportFaults.BadDigest(digest);

    private static long OffsetOf(HttpRequest request) =>
        long.TryParse(request.Headers[OffsetHeader].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : throw ImportFaults.BadHeader(OffsetHeader, "must be the number of bytes that the node has; HEAD tells it");

    private static bool IsComplete(HttpRequest request) => request.Headers[CompleteHeader].ToString() switch
    {
        "?1" => true,
        "?0" or "" => false,
        _ => throw ImportFaults.BadHeader(CompleteHeader, "must be ?1 with the last bytes, else ?0 or absent"),
    };

    private static string Text(long bytes) => bytes.ToString(CultureInfo.InvariantCulture);
}
