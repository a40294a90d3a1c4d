using Microsoft.Extensions.Logging;

namespace Peregrine.Hosting.Changes;

internal static partial class ChangeFeedLog
{
    [LoggerMessage(EventId = 1151, Level = LogLevel.Error, Message = "A listener of {Change} changes failed")]
    public static partial void ListenerFailed(ILogger logger, Exception exception, string change);
}
