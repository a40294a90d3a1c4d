using System.Buffers;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.Files;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Serving.Changes;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Importing;

/// <summary>
/// Packages on their way to the node, as <c>services/{id}/incoming/{sha256}.part</c>: the bytes that have arrived so far. They survive a broken
/// connection and a restart, so that an upload goes on where it stopped.
/// </summary>
internal sealed class PartialUploads(
    ServiceStore store, FileLayer layer, IOptions<ImportingOptions> options, IOptions<ServingOptions> serving, TimeProvider clock)
{
    private const int BufferSize = 128 * 1024;

    private readonly DurableFiles _files = new(layer);

    public string PathOf(string service, string digest) => Path.Combine(store.IncomingFolder(service), digest + ServiceStore.PartialSuffix);

    /// <summary>Bytes that have arrived; null when none have.</summary>
    public long? LengthOf(string service, string digest) => new FileInfo(PathOf(service, digest)) is { Exists: true } file ? file.Length : null;

    /// <summary>Appends what can be read, as far as it comes: when the connection breaks, what has arrived stays.</summary>
    /// <param name="offset">Must be the number of bytes that are there.</param>
    /// <returns>Bytes that are there now.</returns>
    public async Task<long> AppendAsync(string service, string digest, long offset, Stream content, CancellationToken cancellationToken)
    {
        if (offset == 0 && LengthOf(service, digest) is null) MakeRoom(service);
        _files.CreateDirectory(store.IncomingFolder(service));
        await using var file = Open(service, digest);
        if (file.Length != offset) throw ImportFaults.WrongOffset(offset, file.Length);
        file.Seek(0, SeekOrigin.End);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await content.ReadAsync(buffer.AsMemory(0, BufferSize), cancellationToken) is var read and > 0)
            {
                if (file.Length + read > serving.Value.MaxPackageBytes) throw ImportFaults.TooLarge(serving.Value.MaxPackageBytes);
                await file.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await file.FlushAsync(CancellationToken.None);
        }

        return file.Length;
    }

    /// <summary>Whether what has arrived is the whole package.</summary>
    public async Task<bool> IsWholeAsync(string service, string digest, CancellationToken cancellationToken)
    {
        await using var file = Open(service, digest);
        return await Digests.OfAsync(file, cancellationToken) == digest;
    }

    public void Delete(string service, string digest) => _files.Delete(PathOf(service, digest));

    /// <summary>Removes uploads that nobody went on with, and the oldest beyond what a service may have.</summary>
    public void MakeRoom(string service)
    {
        var folder = new DirectoryInfo(store.IncomingFolder(service));
        if (!folder.Exists) return;
        var files = folder.GetFiles("*" + ServiceStore.PartialSuffix).OrderByDescending(file => file.LastWriteTimeUtc).ToList();
        var oldest = (clock.GetUtcNow() - options.Value.PartialKept).UtcDateTime;
        foreach (var file in files.Where((file, place) => place >= options.Value.MostPartial - 1 || file.LastWriteTimeUtc < oldest)) layer.Delete(file.FullName);
    }

    private Stream Open(string service, string digest)
    {
        try
        {
            return layer.OpenAlone(PathOf(service, digest));
        }
        catch (IOException busy) when (busy is not (DirectoryNotFoundException or FileNotFoundException) && !DiskFull.Means(busy))
        {
            throw ImportFaults.Busy(digest, busy);
        }
    }
}
