using System.Globalization;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Access;

/// <summary>Why a caller is refused, in words that tell nothing about other keys.</summary>
internal static class AccessFaults
{
    public static readonly ApiError NoKey = ApiError.Unauthorized(
        "This service needs an API key.",
        "This service needs an API key: as Basic user name with an empty password, or as 'Authorization: Bearer'.");

    public static readonly ApiError UnknownKey = ApiError.Unauthorized(
        "The API key does not open this service.", "The API key does not open this service. Ask its owner for one of its keys.");

    public static readonly ApiError ExpiredKey = ApiError.Unauthorized(
        "The API key has expired or was revoked.", "The API key has expired or was revoked. Ask the owner of the service for a new one.", "KeyExpired");

    public static readonly ApiError KeysUnreadable = ApiError.ServiceUnavailable(
        "The keys of this service cannot be read.", "The keys of this service cannot be read on this node. Its operator finds the reason under /readyz?verbose.", "KeysUnreadable");

    private static readonly ApiError s_tooMany = ApiError.TooManyRequests(
        "Too many wrong credentials came from your address.", "Too many wrong credentials came from your address. Wait as long as Retry-After says, then come with the right ones.", "TooManyFailures");

    /// <summary>The answer to a client that has to wait; says how long in its header.</summary>
    public static ApiError TooMany(HttpContext context, int seconds)
    {
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return s_tooMany;
    }

    public static Task WriteTooManyAsync(HttpContext context, int seconds) => ApiErrorWriter.WriteAsync(context, TooMany(context, seconds), context.RequestAborted);

    public static ApiError NotForEndpoint(string endpoint) => ApiError.Forbidden(
        $"The key is not for endpoint '{endpoint}'.", $"The key is not for endpoint '{endpoint}'. Ask the owner of the service for one that opens it.", "KeyNotForEndpoint");
}
