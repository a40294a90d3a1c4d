using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Changes;

/// <summary>A change that the disk has no room for is refused with 507; what the node serves has not changed.</summary>
internal static class DiskFull
{
    private const int NoSpace = 28; // ENOSPC, in the low word of HResult on Unix
    private const int QuotaExceeded = 122; // EDQUOT
    private const int WindowsDiskFull = 112; // ERROR_DISK_FULL

    public static async ValueTask<object?> Answer(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (IOException refused) when (Means(refused))
        {
            throw ApiError.Of(
                StatusCodes.Status507InsufficientStorage, "DiskFull", "The node's disk is full; nothing was changed.",
                "The node's disk is full; nothing was changed, and it serves on. Free space, for instance with DELETE /admin/api/services-clean-unused, and try again.").AsException(refused);
        }
    }

    internal static bool Means(IOException fault) => (fault.HResult & 0xFFFF) is NoSpace or QuotaExceeded or WindowsDiskFull;
}
