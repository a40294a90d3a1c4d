using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Peregrine.Serving.Predictions;

/// <summary>The caller's own id of a request: goes into the query log and back with the answer.</summary>
internal static class RequestId
{
    public const string Header = "X-Request-Id";

    /// <summary>In characters. A longer id, or one with anything but visible ASCII, is passed over.</summary>
    private const int Longest = 128;

    private static readonly SearchValues<char> s_visible = SearchValues.Create([.. Enumerable.Range(0x21, 0x7E - 0x20).Select(code => (char)code)]);

    /// <summary>Reads it and sets it on the answer; null: none was given.</summary>
    public static string? Take(HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue(Header, out var given) || given is not [{ Length: > 0 and <= Longest } id] || id.AsSpan().ContainsAnyExcept(s_visible)) return null;
        context.Response.Headers[Header] = id;
        return id;
    }
}
