using Microsoft.Extensions.Logging;

namespace Peregrine.Hosting.Futures;

internal static partial class FutureLog
{
    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "Job {FutureId} ({DisplayName}) failed")]
    public static partial void Failed(ILogger logger, Exception exception, string futureId, string displayName);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Information, Message = "Job {FutureId} ({DisplayName}) is asked to stop")]
    public static partial void Aborting(ILogger logger, string futureId, string displayName);
}
