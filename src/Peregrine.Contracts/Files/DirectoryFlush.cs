using System.Runtime.InteropServices;

namespace Peregrine.Contracts.Files;

/// <summary>fsync of a directory, which the class library cannot do: it refuses to open one.</summary>
internal static partial class DirectoryFlush
{
    private const int ReadOnly = 0;
    private const int CloseOnExecute = 0x80000; // O_CLOEXEC on Linux; plain O_RDONLY is enough to open a directory

    /// <summary>Makes creations, renames and deletions in the directory durable. Does nothing where the system has no such call.</summary>
    /// <exception cref="IOException">The system reported an error; what was renamed may be lost after a power cut.</exception>
    public static void Flush(string directory)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) return;
        var descriptor = Open(directory, OperatingSystem.IsLinux() ? ReadOnly | CloseOnExecute : ReadOnly);
        if (descriptor < 0) throw Failed("open", directory);
        try
        {
            if (Synchronize(descriptor) != 0) throw Failed("fsync", directory);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed(string call, string directory)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of directory '{directory}' failed: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
