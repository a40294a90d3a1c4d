using Peregrine.Datasets;
using Peregrine.Hosting.Errors;

namespace Peregrine.Designing;

/// <summary>The expected failures of this node, each said the same way wherever it is met.</summary>
internal static class Refusal
{
    public static ApiErrorException Invalid(string message, Exception? cause = null) => ApiError.BadRequest(message).AsException(cause);

    public static ApiErrorException NotFound(string message) => ApiError.NotFound(message).AsException();

    public static ApiErrorException Conflict(string message, Exception? cause = null) => ApiError.Conflict(message).AsException(cause);

    public static ApiErrorException Busy(string message) => ApiError.ServiceUnavailable(message).AsException();

    public static ApiErrorException NoProject(string projectKey) =>
        NotFound($"There is no project '{projectKey}'. GET /projects/ lists those there are.");

    public static ApiErrorException NoDataset(string projectKey, string name) =>
        NotFound($"There is no dataset '{name}' in project '{projectKey}'.");

    /// <summary>A file that cannot be a dataset: 422, the place as row and column.</summary>
    public static ApiErrorException Dataset(DatasetException fault)
    {
        var message = $"{fault.Message} {fault.Hint}";
        var code = fault.Code.ToString();
        ApiErrorItem[] places = fault.Row is null && fault.Column is null
            ? []
            : [new ApiErrorItem(Pointer(fault), code, fault.Message)];
        var error = fault.Code switch
        {
            DatasetErrorCode.TooLarge => ApiError.PayloadTooLarge(fault.Message, message, code),
            DatasetErrorCode.NoData => ApiError.Conflict(fault.Message, message, code),
            DatasetErrorCode.BrokenStore => ApiError.Of(500, code, fault.Message, message),
            _ => ApiError.Unprocessable(fault.Message, message, errorType: code),
        };
        return (error with { Errors = places }).AsException(fault);
    }

    private static string Pointer(DatasetException fault)
    {
        var row = fault.Row is { } number ? $"/rows/{number}" : "/columns";
        return fault.Column is { } column ? $"{row}/{column.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}" : row;
    }
}
