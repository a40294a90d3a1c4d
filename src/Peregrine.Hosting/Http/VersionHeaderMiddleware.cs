using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Peregrine.Hosting.Http;

/// <summary>Tells the version of the server on each answer.</summary>
internal sealed class VersionHeaderMiddleware(RequestDelegate next)
{
    public const string Header = "Peregrine-Version";

    public static readonly string Version =
        typeof(VersionHeaderMiddleware).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    private static readonly StringValues Value = Version;

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers[Header] = Value;
        return next(context);
    }
}
