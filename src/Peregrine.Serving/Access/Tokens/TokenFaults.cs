using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Access.Tokens;

/// <summary>Why a token is refused. What only its true holder can know is told; of a forged one nothing is.</summary>
internal static class TokenFaults
{
    public static readonly ApiError Absent = ApiError.Unauthorized(
        "This service needs a token.", "This service needs a token of its issuer, as 'Authorization: Bearer'.");

    public static readonly ApiError Invalid = ApiError.Unauthorized(
        "The token is not valid here.", "The token is not valid here: it must be a JWT that the service's issuer has signed. Get a new one from it.", "InvalidToken");

    public static readonly ApiError Expired = ApiError.Unauthorized("The token has expired.", "The token has expired. Get a new one from its issuer.", "TokenExpired");

    public static readonly ApiError TooEarly = ApiError.Unauthorized(
        "The token is not valid yet.", "The token is not valid yet. Wait, or compare the clocks of issuer and node.", "InvalidToken");

    public static readonly ApiError Audience = ApiError.Unauthorized(
        "The token is not for this service.", "The token is not for this service: its audience ('aud') is another. Ask the issuer for one that is.", "InvalidToken");

    public static readonly ApiError NoKeys = ApiError.ServiceUnavailable(
        "Tokens cannot be checked now.", "Tokens cannot be checked now: the keys of their issuer cannot be fetched. Try again.", "SigningKeysUnavailable");

    public static ApiError Scope(string missing) => ApiError.Forbidden(
        $"The token lacks {missing}.", $"The token lacks {missing}, which this service asks for. Get one that has it.", "InsufficientScope");
}
