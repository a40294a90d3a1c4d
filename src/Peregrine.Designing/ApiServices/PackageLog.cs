using Microsoft.Extensions.Logging;

namespace Peregrine.Designing.ApiServices;

internal static partial class PackageLog
{
    [LoggerMessage(EventId = 4201, Level = LogLevel.Information,
        Message = "Version {PackageId} of API service {ProjectKey}.{ServiceId} made: {Digest}, {Bytes} bytes")]
    public static partial void Created(ILogger logger, string projectKey, string serviceId, string packageId, string digest, long bytes);

    [LoggerMessage(EventId = 4202, Level = LogLevel.Information,
        Message = "Version {PackageId} of API service {ProjectKey}.{ServiceId} published as {PublishedServiceId}")]
    public static partial void Published(ILogger logger, string projectKey, string serviceId, string packageId, string publishedServiceId);
}
