using System.Globalization;
using Peregrine.Commands;

namespace Peregrine.DataDirectories;

/// <summary>An operating-system lock on a data directory. It goes with its process, however that ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    public const string FileName = "lock";

    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <exception cref="UsageException">Another process holds it.</exception>
    public static DirectoryLock Take(string directory)
    {
        var path = Path.Combine(directory, FileName);
        return OpenAlone(path) is { } file
            ? new DirectoryLock(file)
            : throw new UsageException(
                $"The data directory '{directory}' is in use by {Holder(directory)}. Stop that one first, or name another directory with --data-dir.");
    }

    public void Dispose() => _file.Dispose();

    private static FileStream? OpenAlone(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (IsSharingViolation(taken))
        {
            return null;
        }
    }

    /// <summary>EWOULDBLOCK on Linux and macOS (11, 35), ERROR_SHARING_VIOLATION (32) on Windows.</summary>
    private static bool IsSharingViolation(IOException exception) =>
        exception.GetType() == typeof(IOException) && (exception.HResult & 0xFFFF) is 11 or 35 or 32;

    private static string Holder(string directory) =>
        RunningInstance.Read(directory) is { } instance
            ? string.Create(CultureInfo.InvariantCulture, $"another Peregrine (process {instance.Process}, {instance.Url})")
            : "another Peregrine";
}
