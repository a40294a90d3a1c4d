using Peregrine.Hosting.Errors;

namespace Peregrine.Hosting.Futures;

internal static class FutureErrors
{
    public static ApiError Unknown(string jobId) => ApiError.NotFound(
        $"There is no job '{jobId}'.",
        $"There is no job '{jobId}': it never existed, its time to be read is over, or the server was restarted.",
        "FutureNotFound");

    public static ApiError Aborted(Future future) => ApiError.Conflict(
        $"'{future.Request.DisplayName}' was aborted.",
        $"'{future.Request.DisplayName}' was aborted before it had a result. Start it again if it is still wanted.",
        "FutureAborted");
}
