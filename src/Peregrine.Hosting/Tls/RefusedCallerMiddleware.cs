using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Peregrine.Hosting.Errors;

namespace Peregrine.Hosting.Tls;

/// <summary>Answers whatever comes over a connection whose caller was refused, and nothing else of the node does.</summary>
internal sealed class RefusedCallerMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<RefusedCaller>() is not { } refused) return next(context);
        if (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol)) context.Response.Headers.Connection = "close";
        return ApiErrorWriter.WriteAsync(context, ApiError.Forbidden(refused.Message, errorType: refused.ErrorType), context.RequestAborted);
    }
}
