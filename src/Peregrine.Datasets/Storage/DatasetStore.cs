using System.Collections.Concurrent;
using System.Text.Json;
using Peregrine.Contracts.Files;
using Peregrine.Datasets.Csv;
using Peregrine.Datasets.Tables;

namespace Peregrine.Datasets.Storage;

/// <summary>
/// Datasets as files: one folder per dataset with the uploaded files as they came and a <c>schema.json</c> that names them. A file
/// counts once the schema names it, and the schema is replaced in one step, so an upload that fails or is cut changes nothing.
/// </summary>
/// <remarks>Thread-safe. One process owns the folder.</remarks>
public sealed class DatasetStore
{
    private readonly DatasetStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly TableCache _cache;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _writers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _arriving = new(StringComparer.Ordinal);

    public DatasetStore(DatasetStoreOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _cache = new TableCache(options.CachedTables);
        Directory.CreateDirectory(options.Root);
    }

    /// <summary>Stores a file as the whole content of a dataset.</summary>
    /// <param name="id">Any name of the caller's choice, 1 to 200 characters; it becomes a folder name.</param>
    /// <param name="fileName">The name to show; folders in it are dropped.</param>
    /// <param name="content">Plain CSV or gzip, known by its content; read once, to its end.</param>
    /// <exception cref="DatasetException">The file is refused; what was stored stays.</exception>
    public Task<StoredDataset> ReplaceAsync(string id, string fileName, Stream content, CancellationToken cancellationToken = default) =>
        UploadAsync(id, fileName, content, keepFiles: false, cancellationToken);

    /// <summary>Adds a file with the same columns to a dataset, behind its other files. Kinds are decided anew over all rows.</summary>
    /// <inheritdoc cref="ReplaceAsync"/>
    public Task<StoredDataset> AddAsync(string id, string fileName, Stream content, CancellationToken cancellationToken = default) =>
        UploadAsync(id, fileName, content, keepFiles: true, cancellationToken);

    /// <summary>The schema of a dataset; null when nothing was uploaded.</summary>
    /// <exception cref="DatasetException">The stored schema cannot be read.</exception>
    public StoredDataset? Find(string id)
    {
        var path = SchemaPath(id);
        if (!File.Exists(path)) return null;
        try
        {
            using var file = File.OpenRead(path);
            var stored = JsonSerializer.Deserialize(file, DatasetJson.Default.StoredDataset);
            if (stored is { FormatVersion: StoredDataset.CurrentFormatVersion }) return stored;
            throw new DatasetException(
                DatasetErrorCode.BrokenStore, $"The schema of dataset '{id}' has format version {stored?.FormatVersion}, this program reads {StoredDataset.CurrentFormatVersion}.",
                "Start the version of the program that wrote it, or upload the file again.");
        }
        catch (JsonException broken)
        {
            throw new DatasetException(
                DatasetErrorCode.BrokenStore, $"The schema of dataset '{id}' cannot be read: {broken.Message}", "Upload the file again.", cause: broken);
        }
    }

    /// <summary>The rows of a dataset, from memory when they were read lately.</summary>
    /// <exception cref="DatasetException">Nothing was uploaded, or the stored files cannot be read.</exception>
    public async Task<Table> LoadAsync(string id, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var stored = Find(id) ?? throw new DatasetException(DatasetErrorCode.NoData, $"Dataset '{id}' holds no file.", "Upload a CSV file to it.");
            try
            {
                return await _cache.GetOrAddAsync(
                    (id, stored.Revision),
                    () => Task.Run(() => Read(id, stored.Files, stored.Format, CancellationToken.None).Table, CancellationToken.None))
                    .WaitAsync(cancellationToken);
            }
            catch (FileNotFoundException missing)
            {
                if (Find(id)?.Revision != stored.Revision) continue; // replaced between the two reads
                throw new DatasetException(
                    DatasetErrorCode.BrokenStore, $"A file of dataset '{id}' is gone: {missing.Message}", "Upload the file again.", cause: missing);
            }
        }
    }

    /// <summary>The bytes of a stored file as they were uploaded.</summary>
    public Stream OpenFile(string id, StoredFile file) => File.OpenRead(Path.Combine(FilesFolder(id), file.Id));

    /// <summary>Removes a dataset with its files; false when there was none.</summary>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        var writer = Writer(id);
        await writer.WaitAsync(cancellationToken);
        try
        {
            _cache.Remove(id);
            var folder = Folder(id);
            if (!Directory.Exists(folder)) return false;
            File.Delete(SchemaPath(id));
            Directory.Delete(folder, recursive: true);
            return true;
        }
        finally
        {
            writer.Release();
        }
    }

    private async Task<StoredDataset> UploadAsync(string id, string fileName, Stream content, bool keepFiles, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(FilesFolder(id)).FullName;
        var fileId = Guid.NewGuid().ToString("N");
        var path = Path.Combine(folder, fileId);
        _arriving[fileId] = true;
        try
        {
            var bytes = await SaveAsync(path, content, cancellationToken);
            var file = new StoredFile(fileId, DisplayName(fileName), bytes, _time.GetUtcNow());
            var writer = Writer(id);
            await writer.WaitAsync(cancellationToken);
            try
            {
                return await CommitAsync(id, file, keepFiles, cancellationToken);
            }
            finally
            {
                writer.Release();
            }
        }
        catch
        {
            File.Delete(path);
            if (!File.Exists(SchemaPath(id))) RemoveWhenEmpty(id);
            throw;
        }
        finally
        {
            _arriving.TryRemove(fileId, out _);
        }
    }

    /// <summary>Copies an upload to the disk as far as the limit allows; returns its length.</summary>
    private async Task<long> SaveAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        var length = 0L;
        await DurableFile.WriteAsync(path, CopyAsync, mode: null, cancellationToken);
        return length;

        async Task CopyAsync(Stream file, CancellationToken stop)
        {
            var buffer = new byte[1 << 16];
            int read;
            while ((read = await content.ReadAsync(buffer, stop)) > 0)
            {
                length += read;
                if (length > _options.MaxUploadBytes)
                    throw new DatasetException(DatasetErrorCode.TooLarge, $"The upload is longer than {_options.MaxUploadBytes:N0} bytes.", "Upload a sample, or compress the file with gzip.");
                await file.WriteAsync(buffer.AsMemory(0, read), stop);
            }
        }
    }

    private async Task<StoredDataset> CommitAsync(string id, StoredFile file, bool keepFiles, CancellationToken cancellationToken)
    {
        var before = keepFiles ? Find(id) : null;
        StoredFile[] files = [.. before?.Files ?? [], file];
        var read = await Task.Run(() => Read(id, files, format: null, cancellationToken), cancellationToken);
        var stored = new StoredDataset
        {
            Revision = file.Id,
            Files = files,
            Format = read.Format,
            Rows = read.Table.Rows,
            Columns = [.. read.Table.Columns.Select(column => new StoredColumn(column.Name, column.Kind, column.Missing, column.MissingTokens))],
        };
        await DurableFile.WriteAsync(SchemaPath(id), JsonSerializer.SerializeToUtf8Bytes(stored, DatasetJson.Default.StoredDataset), cancellationToken);
        _cache.Put((id, stored.Revision), read.Table);
        DeleteFilesBut(id, files);
        return stored;
    }

    private CsvTable Read(string id, IReadOnlyList<StoredFile> files, CsvFormat? format, CancellationToken cancellationToken)
    {
        var streams = new List<Stream>();
        try
        {
            foreach (var file in files) streams.Add(OpenFile(id, file));
            return CsvTableReader.Read(streams, _options.Reading with { Format = format ?? _options.Reading.Format }, cancellationToken);
        }
        finally
        {
            foreach (var stream in streams) stream.Dispose();
        }
    }

    /// <summary>Removes files of earlier revisions, and of uploads that a crash cut. Uploads on their way keep theirs.</summary>
    private void DeleteFilesBut(string id, StoredFile[] kept)
    {
        foreach (var path in Directory.EnumerateFiles(FilesFolder(id)))
        {
            var name = Path.GetFileName(path);
            if (!Array.Exists(kept, file => file.Id == name) && !_arriving.ContainsKey(name.Split('.')[0])) File.Delete(path);
        }
    }

    private void RemoveWhenEmpty(string id)
    {
        if (Directory.EnumerateFileSystemEntries(FilesFolder(id)).Any()) return;
        Directory.Delete(FilesFolder(id));
        if (!Directory.EnumerateFileSystemEntries(Folder(id)).Any()) Directory.Delete(Folder(id));
    }

    private SemaphoreSlim Writer(string id) => _writers.GetOrAdd(id, _ => new SemaphoreSlim(1, 1));

    private string SchemaPath(string id) => Path.Combine(Folder(id), "schema.json");

    private string FilesFolder(string id) => Path.Combine(Folder(id), "files");

    private string Folder(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(id.Length, 200, nameof(id));
        var name = Uri.EscapeDataString(id);
        return Path.Combine(_options.Root, name[0] == '.' ? "%2E" + name[1..] : name);
    }

    private static string DisplayName(string fileName)
    {
        var name = fileName[(fileName.LastIndexOfAny(['/', '\\']) + 1)..];
        return name.Length == 0 ? "file" : name;
    }
}
