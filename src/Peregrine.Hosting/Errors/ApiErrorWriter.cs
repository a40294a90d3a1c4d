using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Peregrine.Hosting.Errors;

/// <summary>The one place that puts an <see cref="ApiError"/> on the wire.</summary>
public static class ApiErrorWriter
{
    internal const string ContentType = "application/problem+json";

    private const string InferencePath = "/v2";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The error document as UTF-8, for answers that are rendered ahead of time.</summary>
    /// <param name="forInference">Whether the caller speaks the Open Inference Protocol, whose errors have a member <c>error</c>.</param>
    public static byte[] ToUtf8(ApiError error, bool forInference = false)
    {
        var document = ApiErrorBody.Of(error);
        if (forInference) document = document with { Error = error.DetailedMessage };
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            JsonSerializer.Serialize(json, document, ErrorsJson.Default.ApiErrorBody);
        }

        return buffer.ToArray();
    }

    /// <param name="path">The request's path, for those who speak the Open Inference Protocol.</param>
    internal static byte[] ToUtf8(ApiError error, PathString path) => ToUtf8(error, path.StartsWithSegments(InferencePath, StringComparison.Ordinal));

    /// <summary>Writes status, headers and body; the body of a HEAD answer is left out, its length is told.</summary>
    public static async Task WriteAsync(HttpContext context, ApiError error, CancellationToken cancellationToken)
    {
        var body = ToUtf8(error, context.Request.Path);
        var response = context.Response;
        response.StatusCode = error.Status;
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        if (error.Status == StatusCodes.Status401Unauthorized && response.Headers.WWWAuthenticate.Count == 0)
            response.Headers.WWWAuthenticate = "Basic realm=\"Peregrine\"";
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(body, cancellationToken);
    }
}
