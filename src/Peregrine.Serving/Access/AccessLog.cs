using Microsoft.Extensions.Logging;

namespace Peregrine.Serving.Access;

internal static partial class AccessLog
{
    [LoggerMessage(EventId = 2601, Level = LogLevel.Debug, Message = "{Count} signing keys were read from {Source}")]
    public static partial void SigningKeysFetched(ILogger logger, string source, int count);

    [LoggerMessage(EventId = 2602, Level = LogLevel.Warning, Message = "No signing keys from {Source}: {Reason}")]
    public static partial void SigningKeysUnreachable(ILogger logger, string source, string reason);
}
