using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Peregrine.Hosting.Errors;

/// <summary>
/// One expected failure, said once and shown alike by REST, page and command line: what is wrong, where, and what to do.
/// </summary>
public sealed record ApiError
{
    /// <summary>HTTP status, 400 to 599.</summary>
    public required int Status { get; init; }

    /// <summary>Stable name of the class of error, for programs: <c>NotFound</c>, <c>UnknownFeature</c>.</summary>
    public required string ErrorType { get; init; }

    /// <summary>One sentence for a person.</summary>
    public required string Message { get; init; }

    /// <summary>The message with what the caller can do about it; the message itself when there is no more to say.</summary>
    public string DetailedMessage { get => field ?? Message; init; }

    /// <summary>The places concerned, where the error is about members of a document or rows of a file.</summary>
    public IReadOnlyList<ApiErrorItem> Errors { get; init; } = [];

    /// <summary>The status in words, for instance <c>Not Found</c>.</summary>
    public string Title => ReasonPhrases.GetReasonPhrase(Status) is { Length: > 0 } phrase ? phrase : "Error";

    /// <summary>The request as such cannot be understood.</summary>
    public static ApiError BadRequest(string message, string? detailedMessage = null, string errorType = "BadRequest") =>
        Of(StatusCodes.Status400BadRequest, errorType, message, detailedMessage);

    /// <summary>No credentials, or none that are known.</summary>
    public static ApiError Unauthorized(string message, string? detailedMessage = null, string errorType = "Unauthorized") =>
        Of(StatusCodes.Status401Unauthorized, errorType, message, detailedMessage);

    /// <summary>The caller is known and may not do this.</summary>
    public static ApiError Forbidden(string message, string? detailedMessage = null, string errorType = "Forbidden") =>
        Of(StatusCodes.Status403Forbidden, errorType, message, detailedMessage);

    public static ApiError NotFound(string message, string? detailedMessage = null, string errorType = "NotFound") =>
        Of(StatusCodes.Status404NotFound, errorType, message, detailedMessage);

    public static ApiError MethodNotAllowed(string message, string? detailedMessage = null, string errorType = "MethodNotAllowed") =>
        Of(StatusCodes.Status405MethodNotAllowed, errorType, message, detailedMessage);

    /// <summary>The request is right but meets a state that forbids it: the id exists, something is in use.</summary>
    public static ApiError Conflict(string message, string? detailedMessage = null, string errorType = "Conflict") =>
        Of(StatusCodes.Status409Conflict, errorType, message, detailedMessage);

    /// <summary>The document was changed by somebody else since the caller read it.</summary>
    public static ApiError PreconditionFailed(string message, string? detailedMessage = null, string errorType = "PreconditionFailed") =>
        Of(StatusCodes.Status412PreconditionFailed, errorType, message, detailedMessage);

    public static ApiError PayloadTooLarge(string message, string? detailedMessage = null, string errorType = "PayloadTooLarge") =>
        Of(StatusCodes.Status413PayloadTooLarge, errorType, message, detailedMessage);

    public static ApiError UnsupportedMediaType(string message, string? detailedMessage = null, string errorType = "UnsupportedMediaType") =>
        Of(StatusCodes.Status415UnsupportedMediaType, errorType, message, detailedMessage);

    /// <summary>Understood, but the content breaks a rule: a file that cannot be a dataset, settings that contradict.</summary>
    public static ApiError Unprocessable(
        string message, string? detailedMessage = null, IReadOnlyList<ApiErrorItem>? errors = null, string errorType = "Unprocessable") =>
        Of(StatusCodes.Status422UnprocessableEntity, errorType, message, detailedMessage) with { Errors = errors ?? [] };

    public static ApiError TooManyRequests(string message, string? detailedMessage = null, string errorType = "TooManyRequests") =>
        Of(StatusCodes.Status429TooManyRequests, errorType, message, detailedMessage);

    /// <summary>A node or service behind this one answered wrongly or not at all.</summary>
    public static ApiError BadGateway(string message, string? detailedMessage = null, string errorType = "BadGateway") =>
        Of(StatusCodes.Status502BadGateway, errorType, message, detailedMessage);

    /// <summary>Not now; the same request may work later.</summary>
    public static ApiError ServiceUnavailable(string message, string? detailedMessage = null, string errorType = "ServiceUnavailable") =>
        Of(StatusCodes.Status503ServiceUnavailable, errorType, message, detailedMessage);

    /// <summary>A fault of ours; <paramref name="faultId"/> is also in the log, and nothing else of it is told.</summary>
    public static ApiError Internal(string faultId) =>
        Of(StatusCodes.Status500InternalServerError, "InternalError", "The server failed to answer this request.",
            $"The server failed to answer this request. Its log says more under fault {faultId}.");

    public static ApiError Of(int status, string errorType, string message, string? detailedMessage = null) =>
        new() { Status = status, ErrorType = errorType, Message = message, DetailedMessage = detailedMessage ?? message };

    /// <summary>For the end of an expression: <c>?? throw ApiError.NotFound(…).AsException()</c>.</summary>
    public ApiErrorException AsException(Exception? cause = null) => new(this, cause);

    /// <summary>The error as the answer of a minimal API handler.</summary>
    public IResult AsResult() => new ApiErrorResult(this);
}
