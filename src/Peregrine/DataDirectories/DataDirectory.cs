using Peregrine.Commands;

namespace Peregrine.DataDirectories;

/// <summary>The folder that holds all state of an instance, in use by this process and no other until it is disposed.</summary>
public sealed class DataDirectory : IDisposable
{
    private readonly DirectoryLock _lock;

    private DataDirectory(string path, DirectoryLock @lock)
    {
        Path = path;
        _lock = @lock;
    }

    /// <summary>Absolute.</summary>
    public string Path { get; }
    public string Blobs => In("blobs");
    public string Design => In("design");
    public string Deployer => In("deployer");
    public string ApiNode => In("apinode");
    public string DataProtectionKeys => In("keys");
    public string Logs => In("logs");

    /// <summary>The first admin key in the clear, mode 0600; the servers themselves keep hashes.</summary>
    public string AdminKeyFile => In("admin-key");

    /// <summary>Hashes of the control plane's admin keys.</summary>
    public string AdminKeysFile => In("admin-keys.json");

    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Creates the folder when it is new, checks that this version can use it, and takes it for this process.</summary>
    /// <exception cref="UsageException">It cannot be written, is of a newer version, is something else, or is in use.</exception>
    public static DataDirectory Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            CreateFolder(full);
            var taken = DirectoryLock.Take(full);
            try
            {
                DirectoryLayout.CheckOrCreate(full);
                return new DataDirectory(full, taken);
            }
            catch
            {
                taken.Dispose();
                throw;
            }
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new UsageException(
                $"The data directory '{full}' cannot be written by user '{Environment.UserName}'. Give the user the right to write there, or name another directory with --data-dir.",
                refused);
        }
        catch (IOException failed)
        {
            throw new UsageException($"The data directory '{full}' cannot be used: {failed.Message} Name another directory with --data-dir.", failed);
        }
    }

    /// <summary>Only the owner may look inside: it holds keys and customers' data.</summary>
    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => _lock.Dispose();
}
