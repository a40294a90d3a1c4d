using Microsoft.AspNetCore.Http;

namespace Peregrine.Hosting.Futures;

internal static class FutureErrors
{
    public static IResult Unknown(string jobId) => Answer(StatusCodes.Status404NotFound, "FutureNotFound", "No such job",
        $"There is no job '{jobId}': it never existed, its time to be read is over, or the server was restarted.");

    public static IResult Aborted(Future future) => Answer(StatusCodes.Status409Conflict, "FutureAborted", "The job was aborted",
        $"'{future.Request.DisplayName}' was aborted before it had a result. Start it again if it is still wanted.");

    private static IResult Answer(int status, string errorType, string message, string detail) => TypedResults.Json(
        new FutureError(errorType, message, detail, message, status, detail), FutureJson.Default.FutureError, statusCode: status);
}

internal sealed record FutureError(string ErrorType, string Message, string DetailedMessage, string Title, int Status, string Detail);
