namespace Peregrine.Hosting.Errors;

/// <summary>An expected failure on its way from an application service to whichever door the caller came through.</summary>
public sealed class ApiErrorException(ApiError error, Exception? cause = null) : Exception(error.DetailedMessage, cause)
{
    public ApiError Error { get; } = error;
}
