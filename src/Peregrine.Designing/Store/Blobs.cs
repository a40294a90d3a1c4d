using Peregrine.Hosting.Errors;
using Peregrine.Packages.Blobs;

namespace Peregrine.Designing.Store;

/// <summary>Reading of blobs that must be there.</summary>
internal static class Blobs
{
    /// <param name="what">What the blob is, to begin the error's sentence with.</param>
    /// <exception cref="ApiErrorException">500: the blob is gone or damaged, with what to do.</exception>
    public static async Task<Stream> OpenAsync(this BlobStore blobs, string digest, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await blobs.OpenReadAsync(digest, cancellationToken) ?? throw Lost(digest, what, "missing", null);
        }
        catch (BlobDamagedException damaged)
        {
            throw Lost(digest, what, "damaged", damaged);
        }
    }

    private static ApiErrorException Lost(string digest, string what, string how, Exception? cause) => ApiError.Of(
        500, "BlobLost", $"{what} is {how} in the blob directory.",
        $"{what} is {how} in the blob directory (SHA-256 {digest}). Restore it from a copy, or make it anew.").AsException(cause);
}
