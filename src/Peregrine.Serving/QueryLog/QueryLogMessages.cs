using Microsoft.Extensions.Logging;

namespace Peregrine.Serving.QueryLog;

internal static partial class QueryLogMessages
{
    [LoggerMessage(EventId = 2101, Level = LogLevel.Error,
        Message = "The query log cannot be written; lines are dropped and counted until it can. Free disk space or check the folder's rights")]
    public static partial void CannotWrite(ILogger logger, Exception refused);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Information, Message = "The query log is written again")]
    public static partial void WritingAgain(ILogger logger);
}
