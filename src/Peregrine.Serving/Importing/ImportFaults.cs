using System.Globalization;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Importing;

/// <summary>Uploads in pieces that cannot go on.</summary>
internal static class ImportFaults
{
    public static ApiErrorException BadDigest(string digest) => ApiError.BadRequest(
        $"'{digest}' is not a digest.", $"'{digest}' is not a digest: the SHA-256 of the package in 64 lower-case hex digits.", "BadDigest").AsException();

    public static ApiErrorException BadHeader(string name, string rule) => ApiError.BadRequest($"Header '{name}' {rule}.", errorType: "BadHeader").AsException();

    public static ApiErrorException NotFound(string digest) => ApiError.NotFound(
        "This node has no package of that digest.", $"This node has nothing of package {digest}. Upload it.", "PackageNotFound").AsException();

    public static ApiErrorException WrongOffset(long offset, long there) => ApiError.Conflict(string.Create(CultureInfo.InvariantCulture,
        $"The upload goes on at {offset}, but {there} bytes are there."), string.Create(CultureInfo.InvariantCulture,
        $"The upload goes on at {offset}, but {there} bytes are there. Ask with HEAD how many there are, and send what follows."), "WrongOffset").AsException();

    public static ApiErrorException Busy(string digest, Exception? cause = null) => ApiError.Conflict(
        $"Package {digest} is being uploaded by another request.", $"Package {digest} is being uploaded by another request. Wait for its end.", "UploadInUse").AsException(cause);

    public static ApiErrorException Mismatch(string digest) => ApiError.BadRequest(
        "The upload does not have the digest that was announced.",
        $"What was uploaded does not have digest {digest}: it was changed on its way. It is removed; send it again from the start.", "DigestMismatch").AsException();

    public static ApiErrorException TooLarge(long most) => ApiError.PayloadTooLarge(
        $"The package is larger than the {most:N0} bytes that are taken here.", $"The package is larger than the {most:N0} bytes that are taken here (option Serving:MaxPackageBytes).").AsException();
}
