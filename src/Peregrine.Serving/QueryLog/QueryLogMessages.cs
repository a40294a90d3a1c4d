using Microsoft.Extensions.Logging;

namespace Peregrine.Serving.QueryLog;

internal static partial class QueryLogMessages
{
    [LoggerMessage(EventId = 2101, Level = LogLevel.Error,
        Message = "The query log cannot be written; lines are dropped and counted until it can. Free disk space or check the folder's rights")]
    public static partial void CannotWrite(ILogger logger, Exception refused);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Information, Message = "The query log is written again")]
    public static partial void WritingAgain(ILogger logger);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Error, Message = "The query log cannot treat columns; lines are dropped and counted until it can: {Reason}")]
    public static partial void CannotFilter(ILogger logger, string reason);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Warning, Message = "Query log sink {Sink} does not answer and is asked again: {Reason}")]
    public static partial void SinkUnreachable(ILogger logger, string sink, string reason);

    [LoggerMessage(EventId = 2105, Level = LogLevel.Warning, Message = "Query log sink {Sink} answered {Status}")]
    public static partial void SinkRefused(ILogger logger, string sink, int status);

    [LoggerMessage(EventId = 2106, Level = LogLevel.Information, Message = "Query log sink {Sink} takes lines again")]
    public static partial void SinkWorksAgain(ILogger logger, string sink);
}
