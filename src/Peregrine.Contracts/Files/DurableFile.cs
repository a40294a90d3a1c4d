namespace Peregrine.Contracts.Files;

/// <summary><see cref="DurableFiles"/> on the real disk, for callers that need no other.</summary>
public static class DurableFile
{
    /// <summary>Ends the name of every file that is not complete yet; such leftovers of a crash may be deleted at start.</summary>
    public const string TemporarySuffix = ".tmp";

    /// <inheritdoc cref="DurableFiles.WriteAsync(string, ReadOnlyMemory{byte}, UnixFileMode?, CancellationToken)"/>
    public static Task WriteAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode? mode, CancellationToken cancellationToken) =>
        DurableFiles.Disk.WriteAsync(path, content, mode, cancellationToken);

    /// <inheritdoc cref="DurableFiles.WriteAsync(string, ReadOnlyMemory{byte}, UnixFileMode?, CancellationToken)"/>
    public static Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WriteAsync(path, content, mode: null, cancellationToken);

    /// <inheritdoc cref="DurableFiles.WriteAsync(string, Func{Stream, CancellationToken, Task}, UnixFileMode?, CancellationToken)"/>
    public static Task WriteAsync(string path, Func<Stream, CancellationToken, Task> write, UnixFileMode? mode, CancellationToken cancellationToken) =>
        DurableFiles.Disk.WriteAsync(path, write, mode, cancellationToken);

    /// <summary>A name in the same directory that no other writer uses.</summary>
    public static string TemporaryPathFor(string path) => $"{path}.{Guid.NewGuid():N}{TemporarySuffix}";

    /// <inheritdoc cref="DurableFiles.MoveIntoPlace"/>
    public static void MoveIntoPlace(string temporary, string path) => DurableFiles.Disk.MoveIntoPlace(temporary, path);

    /// <inheritdoc cref="DurableFiles.Delete"/>
    public static void Delete(string path) => DurableFiles.Disk.Delete(path);

    /// <inheritdoc cref="DurableFiles.CreateDirectory"/>
    public static void CreateDirectory(string path) => DurableFiles.Disk.CreateDirectory(path);
}
