using Microsoft.Extensions.Logging;

namespace Peregrine.Serving.Access;

internal static partial class AccessLog
{
    [LoggerMessage(EventId = 2601, Level = LogLevel.Debug, Message = "{Count} signing keys were read from {Source}")]
    public static partial void SigningKeysFetched(ILogger logger, string source, int count);

    [LoggerMessage(EventId = 2603, Level = LogLevel.Error, Message = "The audit log cannot be written; events are dropped and counted until it can")]
    public static partial void AuditNotWritten(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2602, Level = LogLevel.Warning, Message = "No signing keys from {Source}: {Reason}")]
    public static partial void SigningKeysUnreachable(ILogger logger, string source, string reason);

    [LoggerMessage(EventId = 2604, Level = LogLevel.Warning, Message = "When keys of service {Service} were last used could not be written down, and is tried again until it can: {Reason}")]
    public static partial void KeyUsesNotWritten(ILogger logger, string service, string reason);

    [LoggerMessage(EventId = 2605, Level = LogLevel.Warning, Message = "When keys of service {Service} were last used cannot be read, so none of it is known: {Reason}")]
    public static partial void KeyUsesNotRead(ILogger logger, string service, string reason);
}
