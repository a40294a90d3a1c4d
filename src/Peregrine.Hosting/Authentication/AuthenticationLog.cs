using System.Net;
using Microsoft.Extensions.Logging;

namespace Peregrine.Hosting.Authentication;

internal static partial class AuthenticationLog
{
    [LoggerMessage(EventId = 1010, Level = LogLevel.Warning, Message = "Refused a request from {Remote}: its key is {Reason}")]
    public static partial void Refused(ILogger logger, string reason, IPAddress? remote);
}
