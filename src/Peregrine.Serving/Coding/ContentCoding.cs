using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Coding;

/// <summary>How a request's body is packed.</summary>
internal static class ContentCoding
{
    /// <param name="coding">Null: not at all.</param>
    /// <returns>Why it cannot be read, or null.</returns>
    public static ApiError? Of(HttpRequest request, out string? coding)
    {
        coding = null;
        var given = request.Headers.ContentEncoding;
        if (given.Count == 0 || given is [{ } plain] && plain.Equals("identity", StringComparison.OrdinalIgnoreCase)) return null;
        if (given is not [{ } only] || !BodyCoding.IsKnown(only)) return CodingFaults.Unknown(given.ToString());
        coding = only;
        return null;
    }
}
