using Microsoft.AspNetCore.Http;

namespace Peregrine.Hosting.Errors;

/// <summary>The error documents for what the framework itself refuses.</summary>
internal static class StatusErrors
{
    /// <summary>For an answer that carries an error status and nothing else.</summary>
    public static ApiError For(HttpContext context)
    {
        var request = context.Request;
        return context.Response.StatusCode switch
        {
            StatusCodes.Status401Unauthorized => ApiError.Unauthorized("This call needs a key."),
            StatusCodes.Status403Forbidden => ApiError.Forbidden("This key may not do that."),
            StatusCodes.Status404NotFound => ApiError.NotFound(
                $"There is nothing at {request.Method} {request.Path}.",
                $"There is nothing at {request.Method} {request.Path}. Check the path and the ids in it."),
            StatusCodes.Status405MethodNotAllowed => ApiError.MethodNotAllowed(
                $"{request.Path} does not take {request.Method}.",
                $"{request.Path} does not take {request.Method}; it takes {context.Response.Headers.Allow}."),
            StatusCodes.Status415UnsupportedMediaType => ApiError.UnsupportedMediaType(
                $"Content-Type '{request.ContentType}' is not one that {request.Path} reads."),
            var status => ApiError.Of(status, "HttpError", $"The request was answered with status {status}."),
        };
    }

    /// <summary>For a request that Kestrel or parameter binding refused.</summary>
    public static ApiError For(BadHttpRequestException refused, HttpContext context) => refused.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => ApiError.PayloadTooLarge(
            "The request body is larger than this call takes.", $"{refused.Message} Send less at a time."),
        StatusCodes.Status415UnsupportedMediaType => ApiError.UnsupportedMediaType(
            $"Content-Type '{context.Request.ContentType}' is not one that {context.Request.Path} reads."),
        StatusCodes.Status408RequestTimeout => ApiError.Of(
            refused.StatusCode, "RequestTimeout", "The request body came too slowly."),
        _ => ApiError.Of(refused.StatusCode, "BadRequest", refused.Message),
    };
}
