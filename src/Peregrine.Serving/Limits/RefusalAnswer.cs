using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.OpenInference.Rest;

namespace Peregrine.Serving.Limits;

/// <summary>Answers of overload, rendered once: refusing must cost next to nothing when there is too much to do.</summary>
internal static class RefusalAnswer
{
    private static readonly Dictionary<ApiError, byte[]> s_bodies = Render(forInference: false);
    private static readonly Dictionary<ApiError, byte[]> s_inferenceBodies = Render(forInference: true);

    // Callers that were refused together should not come back together.
    private static readonly string[] s_retryAfter = ["1", "2"];

    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        var response = context.Response;
        var forInference = context.Request.Path.StartsWithSegments(ModelPaths.Root, StringComparison.Ordinal);
        if (!(forInference ? s_inferenceBodies : s_bodies).TryGetValue(error, out var body)) body = ApiErrorWriter.ToUtf8(error, forInference);
        response.StatusCode = error.Status;
        response.ContentType = "application/problem+json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.RetryAfter = s_retryAfter[Random.Shared.Next(s_retryAfter.Length)];
        var writer = response.BodyWriter;
        body.CopyTo(writer.GetSpan(body.Length));
        writer.Advance(body.Length);
        return Task.CompletedTask;
    }

    /// <param name="forInference">With the member <c>error</c>, for callers of the Open Inference Protocol.</param>
    private static Dictionary<ApiError, byte[]> Render(bool forInference) =>
        new ApiError[] { LimitFaults.TooManyConcurrent, LimitFaults.QueueFull, LimitFaults.QueueWait }
            .ToDictionary(error => error, error => ApiErrorWriter.ToUtf8(error, forInference));
}
