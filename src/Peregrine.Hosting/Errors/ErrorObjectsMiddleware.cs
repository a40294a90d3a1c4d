using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Peregrine.Hosting.Errors;

/// <summary>
/// Turns every failure that reaches it into an error document: an <see cref="ApiErrorException"/>, a request that the server
/// refused, a fault, and an answer with an error status but no body (an unknown route, a wrong method).
/// </summary>
internal sealed class ErrorObjectsMiddleware(RequestDelegate next, ILogger<ErrorObjectsMiddleware> logger)
{
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (IsBareError(context.Response))
                await ApiErrorWriter.WriteAsync(context, StatusErrors.For(context), context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted) context.Response.StatusCode = ClientClosedRequest;
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, fault);
        }
    }

    private static bool IsBareError(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentLength: null } && string.IsNullOrEmpty(response.ContentType);

    private Task AnswerAsync(HttpContext context, Exception fault)
    {
        var error = fault switch
        {
            ApiErrorException expected => expected.Error,
            BadHttpRequestException refused => StatusErrors.For(refused, context),
            _ => Unexpected(context, fault),
        };
        Clear(context.Response);
        return ApiErrorWriter.WriteAsync(context, error, context.RequestAborted);
    }

    private ApiError Unexpected(HttpContext context, Exception fault)
    {
        var faultId = Guid.NewGuid().ToString("N")[..12];
        ErrorLog.Fault(logger, faultId, context.Request.Method, context.Request.Path, fault);
        return ApiError.Internal(faultId);
    }

    /// <summary>Drops a half-made answer, but keeps headers that hold for any answer (version, request id).</summary>
    private static void Clear(HttpResponse response)
    {
        response.Headers.ContentType = default;
        response.Headers.ContentEncoding = default;
        response.Headers.ContentDisposition = default;
        response.Headers.ETag = default;
        response.ContentLength = null;
        response.HttpContext.Features.Get<IHttpResponseFeature>()?.ReasonPhrase = null;
    }
}
