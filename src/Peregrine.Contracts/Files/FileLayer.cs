namespace Peregrine.Contracts.Files;

/// <summary>
/// The steps by which durable files change, one method for each step that a crash can come before or after. The base class does them;
/// tests derive one that fails at a chosen step.
/// </summary>
public class FileLayer
{
    private const int BufferSize = 64 * 1024;

    /// <summary>The steps on the real disk.</summary>
    public static FileLayer Disk { get; } = new();

    /// <summary>A new file to write; the path must be free.</summary>
    /// <param name="mode">Rights of the file on Unix; null leaves them to the umask.</param>
    public virtual Stream Create(string path, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = BufferSize };
        if (mode is { } rights && !OperatingSystem.IsWindows()) options.UnixCreateMode = rights;
        return new FileStream(path, options);
    }

    /// <summary>An existing or new file to write and read from its start, for nobody else meanwhile.</summary>
    /// <exception cref="IOException">Somebody else has it open, or the disk refused.</exception>
    public virtual Stream OpenAlone(string path) => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, BufferSize);

    /// <summary>What was written to a stream of this layer is on the disk on return.</summary>
    public virtual void FlushToDisk(Stream stream)
    {
        stream.Flush();
        if (stream is FileStream file) file.Flush(flushToDisk: true);
    }

    /// <summary>Renames over whatever <paramref name="to"/> was; atomic where both lie in one file system.</summary>
    public virtual void Move(string from, string to) => File.Move(from, to, overwrite: true);

    public virtual void Delete(string path) => File.Delete(path);

    public virtual void CreateDirectory(string path) => Directory.CreateDirectory(path);

    /// <summary>Removes a directory with all it holds.</summary>
    public virtual void DeleteDirectory(string path) => Directory.Delete(path, recursive: true);

    /// <summary>Makes creations, renames and deletions in a directory survive a power cut.</summary>
    public virtual void FlushDirectory(string path) => DirectoryFlush.Flush(path);
}
