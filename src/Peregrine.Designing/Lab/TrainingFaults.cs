using Peregrine.Hosting.Errors;
using Peregrine.Training;

namespace Peregrine.Designing.Lab;

/// <summary>Trainings that cannot be done, as answers.</summary>
internal static class TrainingFaults
{
    public static ApiErrorException AsAnswer(this TrainingException fault)
    {
        var code = fault.Code.ToString();
        var message = Message(fault);
        var error = fault.Code switch
        {
            TrainingErrorCode.UnknownColumn or TrainingErrorCode.BadRequest or TrainingErrorCode.TimeColumnUnusable =>
                ApiError.BadRequest(fault.Message, message, code),
            TrainingErrorCode.NativeLibraryMissing or TrainingErrorCode.NativeLibraryFailed => ApiError.Of(500, code, fault.Message, message),
            _ => ApiError.Unprocessable(fault.Message, message, errorType: code),
        };
        if (fault.Column is null && fault.Row is null) return error.AsException(fault);
        var pointer = fault.Row is { } row ? $"/rows/{row}/{fault.Column}" : $"/columns/{fault.Column}";
        return (error with { Errors = [new ApiErrorItem(pointer, code, fault.Message)] }).AsException(fault);
    }

    public static string Message(TrainingException fault) => $"{fault.Message} {fault.Hint}";
}
