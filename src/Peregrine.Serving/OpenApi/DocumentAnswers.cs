using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.OpenApi;

/// <summary>Puts the document of a service on the wire, and the page that shows it.</summary>
internal sealed class DocumentAnswers(ServiceDocuments documents)
{
    private static readonly DocumentationPage s_page = DocumentationPage.Read();

    /// <summary>Whether a request below the user API, its path in parts, asks for the page: <c>{service}</c> or <c>{service}/docs</c>. It shows nothing without the document.</summary>
    public static bool IsPage(HttpRequest request, string[] parts) => parts is [_] or [_, "docs"] && !IsWrongMethod(request);

    public static bool IsDocument(string[] parts) => parts is [_, "openapi.json" or "swagger"];

    public Task WriteDocumentAsync(HttpContext context, ServiceSnapshot service)
    {
        if (IsWrongMethod(context.Request)) return RefuseMethod(context);
        var document = documents.Of(service);
        var response = context.Response;
        response.Headers.ETag = document.ETag;
        response.Headers.CacheControl = "private, no-cache";
        if (EntityTagHeaderValue.TryParseList(context.Request.Headers.IfNoneMatch, out var known)
            && known.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(new EntityTagHeaderValue(document.ETag), useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return WriteAsync(context, document.Utf8, "application/json");
    }

    public static Task WritePageAsync(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = s_page.Policy;
        context.Response.Headers.CacheControl = "no-cache";
        return WriteAsync(context, s_page.Utf8, "text/html; charset=utf-8");
    }

    private static bool IsWrongMethod(HttpRequest request) => !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);

    private static Task RefuseMethod(HttpContext context)
    {
        context.Response.Headers.Allow = "GET, HEAD";
        return ErrorAnswer.WriteAsync(context, ApiError.MethodNotAllowed($"{context.Request.Path} takes GET only."));
    }

    private static Task WriteAsync(HttpContext context, byte[] body, string type)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
