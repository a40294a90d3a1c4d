using System.Text.Json.Serialization;

namespace Peregrine.Hosting.Errors;

/// <summary>The error document: always an object, with the members of the wire contract and those of RFC 9457.</summary>
internal sealed record ApiErrorBody
{
    public required string ErrorType { get; init; }
    public required string Message { get; init; }
    public required string DetailedMessage { get; init; }
    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Detail { get; init; }

    /// <summary>The message again, where clients of the Open Inference Protocol look for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ApiErrorItem>? Errors { get; init; }

    public static ApiErrorBody Of(ApiError error) => new()
    {
        ErrorType = error.ErrorType,
        Message = error.Message,
        DetailedMessage = error.DetailedMessage,
        Title = error.Title,
        Status = error.Status,
        Detail = error.DetailedMessage,
        Errors = error.Errors.Count == 0 ? null : error.Errors,
    };
}
