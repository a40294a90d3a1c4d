using System.Text.Json;
using Peregrine.Commands;
using Peregrine.Contracts.Files;

namespace Peregrine.DataDirectories;

/// <summary><c>layout.json</c>: which version of the folder's form this is.</summary>
internal sealed record DirectoryLayout
{
    /// <summary>Raised when an older Peregrine could no longer read the folder.</summary>
    public const int CurrentFormat = 1;

    public const string FileName = "layout.json";

    public required int Format { get; init; }

    /// <summary>The Peregrine that wrote the folder's form.</summary>
    public required string Version { get; init; }

    /// <exception cref="UsageException">The folder is of a newer form, or is not a data directory of Peregrine.</exception>
    public static void CheckOrCreate(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (File.Exists(path)) Check(directory, path);
        else Create(directory, path);
    }

    private static void Check(string directory, string path)
    {
        var layout = Read(path);
        if (layout.Format > CurrentFormat)
            throw new UsageException(
                $"The data directory '{directory}' was written by Peregrine {layout.Version} (format {layout.Format}); this is {ProductVersion.Current}, which reads up to "
                + $"format {CurrentFormat}. Use the newer Peregrine, or name another directory with --data-dir. Nothing was changed.");
        if (layout.Format < 1)
            throw new UsageException($"'{path}' names format {layout.Format}, which never was. Restore the file from a copy.");
    }

    private static DirectoryLayout Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, DirectoryJson.Default.DirectoryLayout)
                   ?? throw new UsageException($"'{path}' is empty. Restore the file from a copy.");
        }
        catch (JsonException damaged)
        {
            throw new UsageException($"'{path}' is damaged: {damaged.Message} Restore the file from a copy.", damaged);
        }
    }

    private static void Create(string directory, string path)
    {
        var foreign = Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName)
            .FirstOrDefault(name => name is not (DirectoryLock.FileName or "lost+found") && !name!.StartsWith("layout.json.", StringComparison.Ordinal));
        if (foreign is not null)
            throw new UsageException(
                $"'{directory}' is not empty and not a data directory of Peregrine (it holds '{foreign}' and no {FileName}). Name an empty or new directory with --data-dir.");
        var layout = new DirectoryLayout { Format = CurrentFormat, Version = ProductVersion.Current };
        var temporary = DurableFile.TemporaryPathFor(path);
        using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, layout, DirectoryJson.Default.DirectoryLayout);
            file.Flush(flushToDisk: true);
        }

        DurableFile.MoveIntoPlace(temporary, path);
    }
}
