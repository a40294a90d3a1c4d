using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Peregrine.Hosting.Errors;

namespace Peregrine.Hosting.Http;

/// <summary>
/// Takes an upload to a temporary file without holding it in memory: <c>multipart/form-data</c> with one part <c>file</c> under any
/// file name, or the raw body under any other Content-Type.
/// </summary>
public static class UploadReader
{
    private const string PartName = "file";
    private const int BufferSize = 128 * 1024;

    /// <param name="folder">Existing directory for the temporary file, on the volume where the upload will stay.</param>
    /// <param name="limit">Bytes of content; more is refused with 413.</param>
    /// <returns>Null when the body holds no file: an empty body, or a multipart body of the closing line alone.</returns>
    public static async Task<Upload?> ReadAsync(HttpRequest request, string folder, long limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength == 0) return null;
        RaiseServerLimit(request, limit);
        return MultipartBoundary(request) is { } boundary
            ? await ReadMultipartAsync(request, boundary, folder, limit, cancellationToken)
            : await ReadRawAsync(request, folder, limit, cancellationToken);
    }

    /// <summary>As <see cref="ReadAsync"/>, where a file must be there.</summary>
    public static async Task<Upload> ReadRequiredAsync(HttpRequest request, string folder, long limit, CancellationToken cancellationToken) =>
        await ReadAsync(request, folder, limit, cancellationToken)
        ?? throw ApiError.BadRequest(
            "The request holds no file.",
            "The request holds no file. Send it as multipart/form-data with one part named 'file', or as the raw body.",
            "MissingFile").AsException();

    private static string? MultipartBoundary(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return null;
        return HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= 200 } boundary
            ? boundary
            : throw ApiError.BadRequest("The multipart Content-Type has no usable boundary.", errorType: "MalformedMultipart").AsException();
    }

    private static async Task<Upload?> ReadRawAsync(HttpRequest request, string folder, long limit, CancellationToken cancellationToken)
    {
        var upload = await SaveAsync(request.Body, PartName, folder, limit, cancellationToken);
        if (upload.Length > 0) return upload;
        await upload.DisposeAsync();
        return null;
    }

    private static async Task<Upload?> ReadMultipartAsync(
        HttpRequest request, string boundary, string folder, long limit, CancellationToken cancellationToken)
    {
        Upload? upload = null;
        try
        {
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (upload is null && FileNameOf(section) is { } name)
                    upload = await SaveAsync(section.Body, name, folder, limit, cancellationToken);
                else
                    await section.Body.CopyToAsync(Stream.Null, cancellationToken);
            }

            return upload;
        }
        catch (Exception fault)
        {
            if (upload is not null) await upload.DisposeAsync();
            if (fault is InvalidDataException or IOException and not BadHttpRequestException)
                throw ApiError.BadRequest(
                    "The multipart body is cut short or malformed.", $"The multipart body is cut short or malformed: {fault.Message}",
                    "MalformedMultipart").AsException(fault);
            throw;
        }
    }

    /// <summary>Null when the section is not the part that holds the file.</summary>
    private static string? FileNameOf(MultipartSection section)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) return null;
        if (!HeaderUtilities.RemoveQuotes(disposition.Name).Equals(PartName, StringComparison.Ordinal)) return null;
        var given = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
        return BaseName(given);
    }

    private static string BaseName(string? given)
    {
        if (given is null) return PartName;
        var name = given[(given.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
        return name.Length == 0 ? PartName : name;
    }

    private static async Task<Upload> SaveAsync(
        Stream source, string fileName, string folder, long limit, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, $"upload.{Guid.NewGuid():N}.tmp");
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var length = await CopyAsync(source, path, hash, limit, cancellationToken);
            return new Upload
            {
                FileName = fileName, Path = path, Length = length, Digest = Convert.ToHexStringLower(hash.GetHashAndReset()),
            };
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static async Task<long> CopyAsync(
        Stream source, string path, IncrementalHash hash, long limit, CancellationToken cancellationToken)
    {
        await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize, FileOptions.Asynchronous);
        var buffer = new byte[BufferSize];
        var length = 0L;
        while (await source.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            length += read;
            if (length > limit)
                throw ApiError.PayloadTooLarge($"The file is larger than the {limit:N0} bytes that are taken here.").AsException();
            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return length;
    }

    private static void RaiseServerLimit(HttpRequest request, long limit)
    {
        const long Framing = 64 * 1024; // boundaries and part headers
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = limit > long.MaxValue - Framing ? null : limit + Framing;
    }
}
