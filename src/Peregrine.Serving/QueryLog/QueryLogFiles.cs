using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Peregrine.Serving.QueryLog;

/// <summary>
/// The files <c>queries-yyyyMMdd-HHmmss-fff.jsonl</c> of one folder: appends to the newest, begins another when it is full or old enough, deletes the
/// oldest beyond the cap. Used by one thread at a time.
/// </summary>
internal sealed class QueryLogFiles(string folder, long fileBytes, long totalBytes, TimeSpan fileAge, TimeProvider clock) : IDisposable
{
    /// <summary>Name of the folder within the data directory.</summary>
    public const string Folder = "logs";

    private const string Prefix = "queries-";
    private const string Stamp = "yyyyMMdd-HHmmss-fff";

    private SafeFileHandle? _file;
    private long _length;
    private long _begun;

    /// <summary>Appends whole lines.</summary>
    /// <exception cref="IOException">The disk refused; the next call begins a new file.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        if (_file is not null && (_length + lines.Length > fileBytes || clock.GetElapsedTime(_begun) >= fileAge)) Close();
        _file ??= Begin();
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

    public void Dispose() => Close();

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
        var files = Existing().ToList();
        var total = files.Sum(file => file.Length) + fileBytes;
        foreach (var file in files.TakeWhile(_ => total > totalBytes))
        {
            total -= file.Length;
            file.Delete();
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
