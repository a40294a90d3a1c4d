using System.Globalization;
using Microsoft.Extensions.Options;

namespace Peregrine.Serving.Access.Audit;

/// <summary>The files <c>audit/audit-yyyyMMdd-HHmmss-fff.jsonl</c>: appended to by one writer, read by whoever asks. The oldest go when the cap is reached.</summary>
internal sealed class AuditFiles(IOptions<ServingOptions> serving, IOptions<AccessOptions> options, TimeProvider clock)
{
    private const string Prefix = "audit-";
    private const string Suffix = ".jsonl";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string Folder => Path.Combine(serving.Value.DataDirectory, "audit");

    /// <summary>Appends whole lines and makes them durable.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public async Task AppendAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Folder);
        var newest = Existing().LastOrDefault();
        var begins = newest is null || newest.Length + lines.Length > options.Value.AuditFileBytes;
        if (begins) MakeRoom();
        var open = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows()) open.UnixCreateMode = OwnerOnly;
        await using var file = new FileStream(begins ? NewPath(newest) : newest!.FullName, open);
        await EndLastLineAsync(file, cancellationToken);
        await file.WriteAsync(lines, cancellationToken);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The newest lines, oldest of them first.</summary>
    public IReadOnlyList<string> Tail(int most)
    {
        var lines = new List<string>();
        if (!Directory.Exists(Folder)) return lines;
        foreach (var file in Existing().Reverse())
        {
            lines.InsertRange(0, TailOf(file.FullName, most - lines.Count));
            if (lines.Count >= most) break;
        }

        return lines;
    }

    private static IReadOnlyList<string> TailOf(string path, int most)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        for (var chunk = 64L * 1024; ; chunk *= 4)
        {
            file.Position = Math.Max(0, file.Length - chunk);
            var isWhole = file.Position == 0;
            using var reader = new StreamReader(file, leaveOpen: true);
            var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            // Unless the file was read from its start, the first line may be cut.
            if (isWhole || lines.Length > most) return lines[Math.Max(isWhole ? 0 : 1, lines.Length - most)..];
        }
    }

    /// <summary>A crash may have left half a line.</summary>
    private static async Task EndLastLineAsync(FileStream file, CancellationToken cancellationToken)
    {
        file.Seek(0, SeekOrigin.End);
        if (file.Length == 0) return;
        file.Seek(-1, SeekOrigin.End);
        if (file.ReadByte() != '\n') await file.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }

    /// <summary>Sorts behind the newest, also when the clock went back.</summary>
    private string NewPath(FileInfo? newest)
    {
        var name = $"{Prefix}{clock.GetUtcNow().ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture)}";
        if (newest is not null && string.CompareOrdinal(name + Suffix, newest.Name) <= 0) name = $"{Path.GetFileNameWithoutExtension(newest.Name)}~";
        return Path.Combine(Folder, name + Suffix);
    }

    private void MakeRoom()
    {
        var files = Existing().ToList();
        var total = files.Sum(file => file.Length) + options.Value.AuditFileBytes;
        foreach (var file in files.TakeWhile(_ => total > options.Value.AuditTotalBytes))
        {
            total -= file.Length;
            file.Delete();
        }
    }

    private IEnumerable<FileInfo> Existing() => new DirectoryInfo(Folder).GetFiles($"{Prefix}*{Suffix}").OrderBy(file => file.Name, StringComparer.Ordinal);
}
