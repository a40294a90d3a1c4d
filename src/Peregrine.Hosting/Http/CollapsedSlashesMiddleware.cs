using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Peregrine.Hosting.Http;

/// <summary>
/// Makes one slash of several before routing: a client whose base address ends in a slash sends <c>//public/api</c>. Rewritten in
/// place, never redirected, since clients turn a redirected POST into a GET.
/// </summary>
internal sealed class CollapsedSlashesMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        if (path is not null && path.Contains("//", StringComparison.Ordinal))
            context.Request.Path = new PathString(Collapse(path));
        return next(context);
    }

    internal static string Collapse(string path)
    {
        var buffer = ArrayPool<char>.Shared.Rent(path.Length);
        var length = 0;
        foreach (var letter in path)
        {
            if (letter == '/' && length > 0 && buffer[length - 1] == '/') continue;
            buffer[length++] = letter;
        }

        var collapsed = new string(buffer, 0, length);
        ArrayPool<char>.Shared.Return(buffer);
        return collapsed;
    }
}
