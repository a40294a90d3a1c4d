using Microsoft.Extensions.Logging;

namespace Peregrine.Hosting.Draining;

internal static partial class DrainLog
{
    [LoggerMessage(EventId = 1020, Level = LogLevel.Information,
        Message = "Draining: readiness fails now, new requests are taken for another {Seconds:F1} s")]
    public static partial void Draining(ILogger logger, double seconds);
}
