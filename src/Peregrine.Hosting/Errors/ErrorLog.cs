using Microsoft.Extensions.Logging;

namespace Peregrine.Hosting.Errors;

internal static partial class ErrorLog
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "Fault {FaultId} in {Method} {Path}")]
    public static partial void Fault(ILogger logger, string faultId, string method, string path, Exception exception);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning, Message = "A request that could not be read is answered without an error document")]
    public static partial void Unanswered(ILogger logger, Exception exception);
}
