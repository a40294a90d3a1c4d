using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Peregrine.Designing;
using Peregrine.Designing.Datasets;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Http;
using Peregrine.Web.SignIn;

namespace Peregrine.Web.Datasets;

/// <summary>Takes a file from the page's own form: the same steps as the REST calls (create, upload, detect), with the page's cookie.</summary>
internal static class UploadEndpoint
{
    /// <summary>Only scripts of this page can set it: a form of another site cannot.</summary>
    private const string PageHeader = "X-Peregrine-Page";

    public static void MapUpload(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/page/projects/{projectKey}/datasets/{dataset}/file", UploadAsync).RequireAuthorization(PageSignIn.Policy).ExcludeFromDescription();

    private static async Task<NoContent> UploadAsync(
        string projectKey, string dataset, HttpRequest request, DatasetService datasets, IOptions<DesigningOptions> options, CancellationToken cancellationToken)
    {
        if (!request.Headers.ContainsKey(PageHeader)) throw ApiError.Forbidden("Files are taken from the page only.", "Files are taken from the page only. Programs use the REST call.").AsException();
        var actor = request.HttpContext.User.Identity?.Name ?? "admin";
        var known = await datasets.ListAsync(projectKey, cancellationToken);
        var isNew = known.All(other => !string.Equals(other.Name, dataset, StringComparison.Ordinal));
        if (isNew) await datasets.CreateUploadAsync(projectKey, dataset, actor, cancellationToken);
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(options.Value.DataDirectory, "uploads")).FullName;
            await using var upload = await UploadReader.ReadRequiredAsync(request, folder, options.Value.MaxUploadBytes, cancellationToken);
            await using var content = upload.OpenRead();
            await datasets.UploadAsync(projectKey, dataset, upload.FileName, content, cancellationToken);
            await datasets.DetectAndSaveAsync(projectKey, dataset, actor, cancellationToken);
            return TypedResults.NoContent();
        }
        catch when (isNew)
        {
            // A refused file leaves no empty dataset behind.
            await datasets.DeleteAsync(projectKey, dataset, CancellationToken.None);
            throw;
        }
    }
}
