using Microsoft.Extensions.Logging;

namespace Peregrine.Web.Shell;

internal static partial class ShellLog
{
    [LoggerMessage(EventId = 6001, Level = LogLevel.Error, Message = "A page failed; fault {FaultId}")]
    public static partial void PageFailed(ILogger logger, Exception exception, string faultId);

    [LoggerMessage(EventId = 6002, Level = LogLevel.Error, Message = "An action of a page failed; fault {FaultId}")]
    public static partial void ActionFailed(ILogger logger, Exception exception, string faultId);
}
