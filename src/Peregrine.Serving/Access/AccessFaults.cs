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

    public static ApiError NotForEndpoint(string endpoint) => ApiError.Forbidden(
        $"The key is not for endpoint '{endpoint}'.", $"The key is not for endpoint '{endpoint}'. Ask the owner of the service for one that opens it.", "KeyNotForEndpoint");
}
