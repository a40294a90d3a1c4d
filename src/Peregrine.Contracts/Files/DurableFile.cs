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
public static class DurableFile
{
    /// <summary>Ends the name of every file that is not complete yet; such leftovers of a crash may be deleted at start.</summary>
    public const string TemporarySuffix = ".tmp";

    private const int BufferSize = 64 * 1024;

    /// <param name="path">Target; its directory exists.</param>
    /// <param name="mode">Rights of a new file on Unix; null leaves them to the umask.</param>
    public static Task WriteAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode? mode, CancellationToken cancellationToken) =>
        WriteAsync(path, async (stream, token) => await stream.WriteAsync(content, token).ConfigureAwait(false), mode, cancellationToken);

    /// <inheritdoc cref="WriteAsync(string, ReadOnlyMemory{byte}, UnixFileMode?, CancellationToken)"/>
    public static Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WriteAsync(path, content, mode: null, cancellationToken);

    /// <summary>Writes what <paramref name="write"/> produces; when it throws, the target stays as it was.</summary>
    public static async Task WriteAsync(
        string path, Func<Stream, CancellationToken, Task> write, UnixFileMode? mode, CancellationToken cancellationToken)
    {
        var temporary = TemporaryPathFor(path);
        try
        {
            var stream = CreateNew(temporary, mode);
            await using (stream.ConfigureAwait(false))
            {
                await write(stream, cancellationToken).ConfigureAwait(false);
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }

            MoveIntoPlace(temporary, path);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>A name in the same directory that no other writer uses.</summary>
    public static string TemporaryPathFor(string path) => $"{path}.{Guid.NewGuid():N}{TemporarySuffix}";

    /// <summary>Renames a file whose content is already on the disk over <paramref name="path"/>, and makes the rename durable.</summary>
    /// <param name="temporary">In the directory of <paramref name="path"/>, written and flushed to disk.</param>
    public static void MoveIntoPlace(string temporary, string path)
    {
        File.Move(temporary, path, overwrite: true);
        DirectoryFlush.Flush(DirectoryOf(path));
    }

    /// <summary>Removes a file durably; one that is not there is not an error.</summary>
    public static void Delete(string path)
    {
        if (!File.Exists(path)) return;
        File.Delete(path);
        DirectoryFlush.Flush(DirectoryOf(path));
    }

    /// <summary>Creates a directory with its missing parents and makes each of them durable.</summary>
    public static void CreateDirectory(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full)) return;
        var parent = DirectoryOf(full);
        CreateDirectory(parent);
        Directory.CreateDirectory(full);
        DirectoryFlush.Flush(parent);
    }

    private static FileStream CreateNew(string path, UnixFileMode? mode)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = BufferSize,
        };
        if (mode is { } rights && !OperatingSystem.IsWindows()) options.UnixCreateMode = rights;
        return new FileStream(path, options);
    }

    private static string DirectoryOf(string path) =>
        Path.GetDirectoryName(Path.GetFullPath(path)) ?? throw new ArgumentException($"'{path}' has no directory.", nameof(path));
}
