using System.Security.Cryptography;
using Peregrine.Contracts.Files;

namespace Peregrine.Packages.Blobs;

/// <summary>
/// Immutable content by its SHA-256 under <c>{root}/sha256/ab/…</c>. Equal content is stored once; what is read is checked first.
/// Several stores may share one root.
/// </summary>
public sealed class BlobStore
{
    private const int BufferSize = 128 * 1024;
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(6);

    private readonly string _content;
    private readonly string _incoming;

    /// <param name="root">Created when missing. Incoming files that a crash left behind long ago are removed.</param>
    public BlobStore(string root, TimeProvider time)
    {
        _content = Path.Combine(root, "sha256");
        _incoming = Path.Combine(root, "incoming");
        DurableFile.CreateDirectory(_content);
        DurableFile.CreateDirectory(_incoming);
        RemoveAbandoned(time.GetUtcNow() - Abandoned);
    }

    /// <summary>Stores what can be read from <paramref name="content"/>; on return it is on the disk for good.</summary>
    public async Task<Blob> PutAsync(Stream content, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(_incoming, Guid.NewGuid().ToString("N") + DurableFile.TemporarySuffix);
        try
        {
            var blob = await ReceiveAsync(content, temporary, cancellationToken).ConfigureAwait(false);
            var path = PathOf(blob.Digest);
            if (await IsIntactAsync(path, blob, cancellationToken).ConfigureAwait(false)) return blob;
            DurableFile.CreateDirectory(Path.GetDirectoryName(path)!);
            DurableFile.MoveIntoPlace(temporary, path);
            return blob;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public Task<Blob> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        PutAsync(new MemoryStream(content.ToArray(), writable: false), cancellationToken);

    public bool Contains(string digest) => File.Exists(PathOf(digest));

    /// <summary>Bytes of a blob; null when there is none.</summary>
    public long? LengthOf(string digest) => new FileInfo(PathOf(digest)) is { Exists: true } file ? file.Length : null;

    /// <summary>A seekable stream at its start, whose content was compared with the digest; null when there is no such blob.</summary>
    /// <exception cref="BlobDamagedException">The content is not what was put.</exception>
    public async Task<Stream?> OpenReadAsync(string digest, CancellationToken cancellationToken)
    {
        var path = PathOf(digest);
        if (!File.Exists(path)) return null;
        var stream = Open(path);
        try
        {
            if (await Digests.OfAsync(stream, cancellationToken).ConfigureAwait(false) != digest)
                throw new BlobDamagedException(digest, path);
            stream.Position = 0;
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Removes a blob; readers that have it open keep it. One that is not there is not an error.</summary>
    public void Delete(string digest) => DurableFile.Delete(PathOf(digest));

    private string PathOf(string digest) =>
        Digests.IsValid(digest)
            ? Path.Combine(_content, digest[..2], digest)
            : throw new ArgumentException($"'{digest}' is not a digest of 64 lower-case hex digits.", nameof(digest));

    private static async Task<Blob> ReceiveAsync(Stream content, string path, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize, FileOptions.Asynchronous);
        await using (target.ConfigureAwait(false))
        {
            var buffer = new byte[BufferSize];
            while (await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }

            await target.FlushAsync(cancellationToken).ConfigureAwait(false);
            target.Flush(flushToDisk: true);
            return new Blob(Convert.ToHexStringLower(hash.GetHashAndReset()), target.Length);
        }
    }

    /// <summary>False also when the stored copy is damaged: it is then replaced by the one that came in.</summary>
    private static async Task<bool> IsIntactAsync(string path, Blob blob, CancellationToken cancellationToken)
    {
        if (new FileInfo(path) is not { Exists: true } file || file.Length != blob.Length) return false;
        var stream = Open(path);
        await using (stream.ConfigureAwait(false))
        {
            return await Digests.OfAsync(stream, cancellationToken).ConfigureAwait(false) == blob.Digest;
        }
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous);

    private void RemoveAbandoned(DateTimeOffset before)
    {
        foreach (var file in new DirectoryInfo(_incoming).EnumerateFiles("*" + DurableFile.TemporarySuffix))
        {
            if (file.LastWriteTimeUtc < before.UtcDateTime) file.Delete();
        }
    }
}
