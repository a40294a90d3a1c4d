using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Limits;

/// <summary>Answers of overload, rendered once: refusing must cost next to nothing when there is too much to do.</summary>
internal static class RefusalAnswer
{
    private static readonly Dictionary<ApiError, byte[]> s_bodies =
        new ApiError[] { LimitFaults.TooManyConcurrent, LimitFaults.QueueFull, LimitFaults.QueueWait }
            .ToDictionary(error => error, error => ApiErrorWriter.ToUtf8(error));

    // Callers that were refused together should not come back together.
    private static readonly string[] s_retryAfter = ["1", "2"];

    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        var response = context.Response;
        if (!s_bodies.TryGetValue(error, out var body)) body = ApiErrorWriter.ToUtf8(error);
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
}
