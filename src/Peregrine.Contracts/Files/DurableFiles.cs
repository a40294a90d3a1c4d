namespace Peregrine.Contracts.Files;

/// <summary>
/// Whole-file writes that survive a crash: a reader sees the old content or the new one, never a mixture, and what was
/// acknowledged stays.
/// </summary>
/// <remarks>
/// Temporary file in the same directory, fsync, rename, fsync of the directory. A failed fsync is not tried again on the same
/// file, because the kernel may have marked the lost pages clean (Rebello et al., USENIX ATC 2020): the temporary file is
/// removed and the fault goes to the caller.
/// </remarks>
public sealed class DurableFiles(FileLayer layer)
{
    /// <summary>On the real disk.</summary>
    public static DurableFiles Disk { get; } = new(FileLayer.Disk);

    public FileLayer Layer => layer;

    /// <param name="path">Target; its directory exists.</param>
    /// <param name="mode">Rights of a new file on Unix; null leaves them to the umask.</param>
    public Task WriteAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode? mode, CancellationToken cancellationToken) =>
        WriteAsync(path, async (stream, token) => await stream.WriteAsync(content, token).ConfigureAwait(false), mode, cancellationToken);

    /// <summary>Writes what <paramref name="write"/> produces; when it throws, the target stays as it was.</summary>
    /// <inheritdoc cref="WriteAsync(string, ReadOnlyMemory{byte}, UnixFileMode?, CancellationToken)"/>
    public async Task WriteAsync(string path, Func<Stream, CancellationToken, Task> write, UnixFileMode? mode, CancellationToken cancellationToken)
    {
        var temporary = DurableFile.TemporaryPathFor(path);
        try
        {
            var stream = layer.Create(temporary, mode);
            await using (stream.ConfigureAwait(false))
            {
                await write(stream, cancellationToken).ConfigureAwait(false);
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
                layer.FlushToDisk(stream);
            }

            MoveIntoPlace(temporary, path);
        }
        catch
        {
            layer.Delete(temporary);
            throw;
        }
    }

    /// <summary>Renames a file whose content is already on the disk over <paramref name="path"/>, and makes the rename durable.</summary>
    /// <param name="temporary">On the volume of <paramref name="path"/>, written and flushed to disk.</param>
    public void MoveIntoPlace(string temporary, string path)
    {
        layer.Move(temporary, path);
        layer.FlushDirectory(DirectoryOf(path));
    }

    /// <summary>Removes a file durably; one that is not there is not an error.</summary>
    public void Delete(string path)
    {
        if (!File.Exists(path)) return;
        layer.Delete(path);
        layer.FlushDirectory(DirectoryOf(path));
    }

    /// <summary>Creates a directory with its missing parents and makes each of them durable.</summary>
    public void CreateDirectory(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full)) return;
        var parent = DirectoryOf(full);
        CreateDirectory(parent);
        layer.CreateDirectory(full);
        layer.FlushDirectory(parent);
    }

    private static string DirectoryOf(string path) =>
        Path.GetDirectoryName(Path.GetFullPath(path)) ?? throw new ArgumentException($"'{path}' has no directory.", nameof(path));
}
