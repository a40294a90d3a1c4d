using System.Runtime.InteropServices;

namespace Peregrine.Datasets.Storage;

/// <summary>Writes that are on the disk when they return.</summary>
/// <remarks>A rename is durable once its directory is flushed: Pillai et al., All File Systems Are Not Created Equal, OSDI 2014.</remarks>
internal static partial class DurableFiles
{
    private const int OpenReadOnly = 0;

    /// <summary>Copies a stream into a new file and flushes it; returns its length.</summary>
    /// <exception cref="DatasetException">The stream is longer than the limit.</exception>
    public static async Task<long> SaveAsync(string path, Stream content, long limit, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true);
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (file.Position + read > limit)
                throw new DatasetException(DatasetErrorCode.TooLarge, $"The upload is longer than {limit:N0} bytes.", "Upload a sample, or compress the file with gzip.");
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        await file.FlushAsync(cancellationToken);
        file.Flush(flushToDisk: true);
        FlushFolder(Path.GetDirectoryName(path)!);
        return file.Position;
    }

    /// <summary>Puts content in the place of a file in one step: readers see the old bytes or the new ones.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        FlushFolder(Path.GetDirectoryName(path)!);
    }

    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = Open(folder, OpenReadOnly);
        if (handle < 0) throw new IOException($"The folder '{folder}' cannot be opened: error {Marshal.GetLastPInvokeError()}.");
        try
        {
            if (Fsync(handle) != 0) throw new IOException($"The folder '{folder}' cannot be flushed: error {Marshal.GetLastPInvokeError()}.");
        }
        finally
        {
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
