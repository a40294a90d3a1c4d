using Microsoft.Extensions.Logging;

namespace Peregrine.Serving.Snapshots;

internal static partial class ServingLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Generation {Generation} of API service {Service} is loaded and warm after {Milliseconds:F0} ms")]
    public static partial void GenerationLoaded(ILogger logger, string service, string generation, double milliseconds);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Error, Message = "Generation {Generation} of API service {Service} cannot be loaded: {Reason}")]
    public static partial void GenerationFailed(ILogger logger, string service, string generation, string reason);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Information, Message = "Generation {Generation} of API service {Service} is released: its last request has left")]
    public static partial void GenerationReleased(ILogger logger, string service, string generation);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Error, Message = "API service {Service} cannot be taken up: {Reason}")]
    public static partial void ServiceUnreadable(ILogger logger, string service, string reason);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Information, Message = "Package {Digest} is now generation {Generation} of API service {Service}")]
    public static partial void GenerationImported(ILogger logger, string service, string generation, string digest);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Error, Message = "Fault {FaultId} in {Method} {Path}")]
    public static partial void Fault(ILogger logger, string faultId, string method, string path, Exception exception);

    [LoggerMessage(EventId = 2007, Level = LogLevel.Warning, Message = "'{Path}' cannot be removed and is tried again at the next start: {Reason}")]
    public static partial void NotRemoved(ILogger logger, string path, string reason);

    [LoggerMessage(EventId = 2008, Level = LogLevel.Information, Message = "Switch {Switch} of API service {Service} is {State}")]
    public static partial void SwitchIs(ILogger logger, string @switch, string service, Peregrine.Contracts.ApiNode.SwitchState state);

    [LoggerMessage(EventId = 2009, Level = LogLevel.Error, Message = "Overdue switches of API service {Service} cannot be ended; it is tried again")]
    public static partial void NotExpired(ILogger logger, string service, Exception fault);

    [LoggerMessage(EventId = 2010, Level = LogLevel.Error, Message = "The preset admin key cannot be stored and holds for this process; the node serves what it can read: {Reason}")]
    public static partial void KeyNotStored(ILogger logger, string reason);
}
