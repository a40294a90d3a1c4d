using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Predictions;

/// <summary>Puts an error of the user API on the wire.</summary>
internal static class ErrorAnswer
{
    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        if (error.Status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "1";
        return ApiErrorWriter.WriteAsync(context, error, context.RequestAborted);
    }
}
