using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Peregrine.Serving.QueryLog;

/// <summary>
/// The files <c>queries-yyyyMMdd-HHmmss-fff.jsonl</c> of one folder: appends to the newest, begins another when it is full or old enough, deletes the
/// oldest beyond the cap. Used by one thread at a time.
/// </summary>
/// <remarks>
/// To delete a file of 64 MiB takes a file system 4 to 8 ms, which requests on the same core would wait for. So one that has to go is given another name, and each append
/// cuts off a piece of it that is at least as long as what it writes: the cap holds all the while.
/// </remarks>
internal sealed class QueryLogFiles(string folder, long fileBytes, long totalBytes, TimeSpan fileAge, TimeProvider clock) : IDisposable
{
    /// <summary>Name of the folder within the data directory.</summary>
    public const string Folder = "logs";

    private const string Prefix = "queries-";
    private const string Stamp = "yyyyMMdd-HHmmss-fff";

    /// <summary>Behind the name of a file that is being deleted.</summary>
    private const string Going = ".going";
    private const long Piece = 1024 * 1024;

    private readonly Queue<string> _going = [];

    private SafeFileHandle? _file;
    private long _length;
    private long _begun;

    /// <summary>Appends whole lines.</summary>
    /// <exception cref="IOException">The disk refused; the next call begins a new file.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        if (_file is not null && (_length + lines.Length > fileBytes || clock.GetElapsedTime(_begun) >= fileAge)) Close();
        _file ??= Begin();
        Cut(Math.Max(Piece, lines.Length));
        try
        {
            RandomAccess.Write(_file, lines, _length);
            _length += lines.Length;
        }
        catch
        {
            Truncate();
            throw;
        }
    }

    /// <summary>Makes what was appended survive a power cut.</summary>
    public void Flush()
    {
        if (_file is not null) RandomAccess.FlushToDisk(_file);
    }

    public void Dispose()
    {
        Close();
        foreach (var path in _going) File.Delete(path);
    }

    private SafeFileHandle Begin()
    {
        Directory.CreateDirectory(folder);
        var start = clock.GetUtcNow();
        if (NewestStart() is { } newest && newest >= start) start = newest.AddMilliseconds(1);
        MakeRoom();
        var path = Path.Combine(folder, NameOf(start));
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
        _length = 0;
        _begun = clock.GetTimestamp();
        return file;
    }

    /// <summary>The newest file's time, so that names sort by age even when the clock went back.</summary>
    private DateTimeOffset? NewestStart() =>
        Existing().LastOrDefault() is { } newest
        && DateTimeOffset.TryParseExact(Path.GetFileNameWithoutExtension(newest.Name), $"'{Prefix}'{Stamp}", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var start)
            ? start
            : null;

    private static string NameOf(DateTimeOffset start) => $"{Prefix}{start.ToString(Stamp, CultureInfo.InvariantCulture)}.jsonl";

    private IEnumerable<FileInfo> Existing() => Of(folder);

    /// <summary>The log files of a folder, oldest first; none when there is no such folder.</summary>
    public static IEnumerable<FileInfo> Of(string folder) => !Directory.Exists(folder)
        ? [] : new DirectoryInfo(folder).GetFiles(Prefix + "*.jsonl").OrderBy(file => file.Name, StringComparer.Ordinal);

    private void MakeRoom()
    {
        _going.Clear();
        foreach (var path in Directory.GetFiles(folder, Prefix + "*" + Going)) File.Delete(path); // also those of a process that was killed
        var files = Existing().ToList();
        var total = files.Sum(file => file.Length) + fileBytes;
        foreach (var file in files.TakeWhile(_ => total > totalBytes))
        {
            total -= file.Length;
            file.MoveTo(file.FullName + Going);
            _going.Enqueue(file.FullName);
        }
    }

    /// <summary>Takes so many bytes off the files that have to go.</summary>
    private void Cut(long bytes)
    {
        while (bytes > 0 && _going.TryPeek(out var path))
        {
            var length = new FileInfo(path) is { Exists: true } there ? there.Length : 0; // somebody else may want the room too
            if (length > bytes)
            {
                using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
                RandomAccess.SetLength(file, length - bytes);
                return;
            }

            File.Delete(path);
            _going.Dequeue();
            bytes -= length;
        }
    }

    /// <summary>Cuts half a line off after a failed write, so that readers find whole lines only.</summary>
    private void Truncate()
    {
        try
        {
            if (_file is not null) RandomAccess.SetLength(_file, _length);
        }
        catch (IOException)
        {
            // The next file begins clean whatever becomes of this one's end.
            _length = fileBytes;
        }

        Close();
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
        _length = 0;
    }
}
