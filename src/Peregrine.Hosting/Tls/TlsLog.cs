using System.Net;
using Microsoft.Extensions.Logging;

namespace Peregrine.Hosting.Tls;

internal static partial class TlsLog
{
    [LoggerMessage(EventId = 1030, Level = LogLevel.Information, Message = "TLS of port '{Port}': new handshakes get certificate {Subject}, good until {NotAfter:u}")]
    public static partial void Reloaded(ILogger logger, string port, string subject, DateTimeOffset notAfter);

    [LoggerMessage(EventId = 1031, Level = LogLevel.Error,
        Message = "TLS of port '{Port}': the changed files are not taken: {Fault}. Certificate {Subject} stays in force, good until {NotAfter:u}")]
    public static partial void Kept(ILogger logger, string port, string fault, string subject, DateTimeOffset notAfter);

    [LoggerMessage(EventId = 1032, Level = LogLevel.Error, Message = "TLS of port '{Port}': {Fault}; callers that check it will refuse it")]
    public static partial void Outdated(ILogger logger, string port, string fault);

    [LoggerMessage(EventId = 1033, Level = LogLevel.Information, Message = "HTTP/3 is off on port '{Port}': {Reason}")]
    public static partial void NoHttp3(ILogger logger, string port, string reason);

    [LoggerMessage(EventId = 1034, Level = LogLevel.Warning, Message = "A caller at {Client} is refused on port '{Port}': {Message}")]
    public static partial void ClientRefused(ILogger logger, EndPoint? client, string port, string message);
}
