using Microsoft.Extensions.Logging;

namespace Peregrine.Serving.RateLimits;

internal static partial class RateLimitLog
{
    [LoggerMessage(EventId = 3401, Level = LogLevel.Error, Message = "What the quotas of service {Service} have counted could not be written: {Reason}")]
    public static partial void NotSaved(ILogger log, string service, string reason);

    [LoggerMessage(EventId = 3402, Level = LogLevel.Error, Message = "What the quotas of service {Service} had counted cannot be read, so they begin anew: {Reason}")]
    public static partial void NotRead(ILogger log, string service, string reason);
}
