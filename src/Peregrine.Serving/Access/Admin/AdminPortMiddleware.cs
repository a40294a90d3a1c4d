using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Access.Admin;

/// <summary>Keeps the two ports apart: the admin API answers on its own only, and there nothing else but probes and metrics does.</summary>
internal sealed class AdminPortMiddleware(RequestDelegate next)
{
    private static readonly ApiError s_notHere = ApiError.NotFound("There is nothing at this address.", "There is nothing at this address. The API is on another port of this node.");

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        var belongs = AdminConnection.Is(context.Features) ? AdminPaths.IsAdmin(path) || AdminPaths.IsProbe(path) : !AdminPaths.IsAdmin(path);
        return belongs ? next(context) : ApiErrorWriter.WriteAsync(context, s_notHere, context.RequestAborted);
    }
}
