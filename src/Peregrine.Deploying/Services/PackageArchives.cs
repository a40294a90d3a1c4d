using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;
using Peregrine.Packages.Blobs;

namespace Peregrine.Deploying.Services;

/// <summary>The archives of published versions, by digest. They are never removed here: another engine may share the store.</summary>
internal sealed class PackageArchives(BlobStore blobs)
{
    /// <summary>A stream whose content was compared with its digest.</summary>
    public async Task<Stream> OpenAsync(string digest, CancellationToken cancellationToken)
    {
        try
        {
            return await blobs.OpenReadAsync(digest, cancellationToken) ?? throw Lost(digest, null);
        }
        catch (BlobDamagedException damaged)
        {
            throw Lost(digest, damaged);
        }
    }

    public async Task StoreAsync(Stream archive, CancellationToken cancellationToken) => await blobs.PutAsync(archive, cancellationToken);

    private static ApiErrorException Lost(string digest, Exception? cause) => ApiError.Of(
        StatusCodes.Status500InternalServerError, "ArchiveLost", $"The archive {digest} is missing or damaged in the Deployer's store.",
        $"The archive {digest} is missing or damaged in the Deployer's store. Import the version again; equal content mends it.").AsException(cause);
}
