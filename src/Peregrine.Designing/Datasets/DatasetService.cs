using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Peregrine.Datasets;
using Peregrine.Datasets.Profiles;
using Peregrine.Datasets.Storage;
using Peregrine.Datasets.Tables;
using Peregrine.Designing.Json;
using Peregrine.Designing.Store;

namespace Peregrine.Designing.Datasets;

/// <summary>Datasets of projects: their settings here, their files in the dataset store.</summary>
public sealed class DatasetService(IDbContextFactory<DesignDbContext> contexts, DatasetStore files, TimeProvider time)
{
    /// <summary>Most rows of one page.</summary>
    public const int MaxPageRows = 10_000;

    public async Task<IReadOnlyList<DatasetSummary>> ListAsync(string projectKey, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await RequireProjectAsync(db, projectKey, cancellationToken);
        var rows = await db.Datasets.AsNoTracking().Where(row => row.ProjectKey == projectKey).OrderBy(row => row.Name).ToListAsync(cancellationToken);
        return [.. rows.Select(Summary)];
    }

    public async Task<DatasetSummary> GetAsync(string projectKey, string name, CancellationToken cancellationToken) =>
        Summary(await FindAsync(projectKey, name, cancellationToken));

    /// <summary>An empty dataset that files are then uploaded to.</summary>
    public async Task<DatasetSummary> CreateUploadAsync(string projectKey, string name, string actor, CancellationToken cancellationToken)
    {
        Names.Dataset(name);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await RequireProjectAsync(db, projectKey, cancellationToken);
        var now = time.GetUtcNow();
        var row = new DatasetRow
        {
            ProjectKey = projectKey,
            Name = name,
            Type = DatasetDocument.UploadedFiles,
            CreatedOn = now,
            ChangedOn = now,
            ChangedBy = actor,
            StorageId = $"{projectKey}.{name}.{Guid.NewGuid():N}"[..Math.Min(200, projectKey.Length + name.Length + 34)],
            SettingsJson = Documents.Text(DatasetDocument.Create(projectKey, name, actor, now)),
            MetadataJson = Documents.Text(DatasetDocument.Metadata(name)),
        };
        db.Datasets.Add(row);
        await db.SaveNewAsync(
            existing => existing.Datasets.AnyAsync(other => other.ProjectKey == projectKey && other.Name == name, cancellationToken),
            $"There is a dataset '{name}' already in project '{projectKey}'; choose another name or delete it.",
            cancellationToken);
        return Summary(row);
    }

    /// <summary>Adds a file; the same file name again replaces the content when it is the only file. A refused file changes nothing.</summary>
    public async Task<DatasetFile> UploadAsync(
        string projectKey, string name, string fileName, Stream content, CancellationToken cancellationToken)
    {
        var dataset = await FindAsync(projectKey, name, cancellationToken);
        try
        {
            var before = files.Find(dataset.StorageId);
            if (before is { Files.Count: > 1 } && before.Files.Any(file => string.Equals(file.Name, fileName, StringComparison.Ordinal)))
                throw Refusal.Conflict($"Dataset '{name}' has a file '{fileName}' among others. Delete the dataset and upload its files anew.");
            var same = before is { Files.Count: 1 } && string.Equals(before.Files[0].Name, fileName, StringComparison.Ordinal);
            var stored = same
                ? await files.ReplaceAsync(dataset.StorageId, fileName, content, cancellationToken)
                : await files.AddAsync(dataset.StorageId, fileName, content, cancellationToken);
            return File(stored.Files[^1]);
        }
        catch (DatasetException fault)
        {
            throw Refusal.Dataset(fault);
        }
    }

    public async Task<IReadOnlyList<DatasetFile>> FilesAsync(string projectKey, string name, CancellationToken cancellationToken)
    {
        var stored = Stored(await FindAsync(projectKey, name, cancellationToken));
        return stored is null ? [] : [.. stored.Files.Select(File)];
    }

    /// <summary>What the files were found to be; nothing is stored.</summary>
    /// <param name="inferTypes">False gives every column the type text, as clients expect unless they ask.</param>
    public async Task<DetectedFormat> DetectAsync(string projectKey, string name, bool inferTypes, CancellationToken cancellationToken)
    {
        var stored = Stored(await FindAsync(projectKey, name, cancellationToken)) ?? throw NoFile(name);
        return new DetectedFormat
        {
            FormatType = "csv",
            FormatParams = DatasetDocument.Csv(stored.Format.Delimiter, IsCompressed(stored)),
            Columns = DatasetDocument.Columns(stored, inferTypes),
            InferredColumns = DatasetDocument.Columns(stored, infer: true),
            Rows = stored.Rows,
        };
    }

    /// <summary>Detects with types and saves format and schema in the settings.</summary>
    public async Task<DatasetSummary> DetectAndSaveAsync(string projectKey, string name, string actor, CancellationToken cancellationToken)
    {
        var detected = await DetectAsync(projectKey, name, inferTypes: true, cancellationToken);
        var settings = await GetSettingsAsync(projectKey, name, cancellationToken);
        settings["formatType"] = detected.FormatType;
        settings["formatParams"] = detected.FormatParams;
        settings.Child("schema")["columns"] = DatasetDocument.Columns(detected.Columns);
        await SaveSettingsAsync(projectKey, name, settings, actor, cancellationToken);
        return await GetAsync(projectKey, name, cancellationToken);
    }

    public async Task<JsonObject> GetSettingsAsync(string projectKey, string name, CancellationToken cancellationToken) =>
        Documents.Parse((await FindAsync(projectKey, name, cancellationToken)).SettingsJson);

    /// <summary>Replaces the settings whole; name, project and type cannot change, absent members get their defaults.</summary>
    public Task SaveSettingsAsync(string projectKey, string name, JsonObject settings, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return ChangeAsync(projectKey, name, actor, row =>
        {
            if (settings.String("type") is { } type && !string.Equals(type, row.Type, StringComparison.Ordinal))
                throw Refusal.Invalid($"Dataset '{name}' is of type '{row.Type}' and stays so; make another dataset for '{type}'.");
            DatasetDocument.CheckFormat(settings, Stored(row));
            if (settings["schema"] is JsonObject schema) DatasetDocument.CheckSchema(schema);
            settings["name"] = name;
            settings["projectKey"] = projectKey;
            settings.FilledFrom(DatasetDocument.Create(projectKey, name, actor, row.CreatedOn));
            return settings;
        }, cancellationToken);
    }

    /// <summary>The <c>schema</c> member of the settings; the columns of the content while none were saved.</summary>
    public async Task<JsonObject> GetSchemaAsync(string projectKey, string name, CancellationToken cancellationToken)
    {
        var row = await FindAsync(projectKey, name, cancellationToken);
        var settings = Documents.Parse(row.SettingsJson);
        var schema = (JsonObject)settings.Child("schema").DeepClone();
        if (schema.List("columns").Count == 0 && Stored(row) is { } stored)
            schema["columns"] = DatasetDocument.Columns(DatasetDocument.Columns(stored, infer: true));
        return schema;
    }

    public Task SaveSchemaAsync(string projectKey, string name, JsonObject schema, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(schema);
        DatasetDocument.CheckSchema(schema);
        return ChangeAsync(projectKey, name, actor, row =>
        {
            var settings = Documents.Parse(row.SettingsJson);
            settings["schema"] = schema;
            return settings;
        }, cancellationToken);
    }

    public async Task<JsonObject> GetMetadataAsync(string projectKey, string name, CancellationToken cancellationToken)
    {
        var row = await FindAsync(projectKey, name, cancellationToken);
        var metadata = Documents.Parse(row.MetadataJson);
        metadata["tags"] = Documents.Parse(row.SettingsJson).List("tags").DeepClone();
        return metadata;
    }

    /// <summary>Replaces the metadata; its tags are those of the settings too.</summary>
    public Task SaveMetadataAsync(string projectKey, string name, JsonObject metadata, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return ChangeAsync(projectKey, name, actor, row =>
        {
            var settings = Documents.Parse(row.SettingsJson);
            if (metadata["tags"] is JsonArray tags) settings["tags"] = tags.DeepClone();
            row.MetadataJson = Documents.Text(metadata);
            return settings;
        }, cancellationToken);
    }

    /// <param name="offset">First row, from 0; past the end gives no rows.</param>
    /// <param name="limit">Most rows, 1 to <see cref="MaxPageRows"/>.</param>
    public async Task<RowsPage> GetRowsAsync(string projectKey, string name, int offset, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var table = await LoadAsync(projectKey, name, cancellationToken);
        var end = Math.Min(table.Rows, (long)offset + Math.Min(limit, MaxPageRows));
        var rows = new List<IReadOnlyList<string?>>();
        for (var row = offset; row < end; row++) rows.Add([.. table.Columns.Select(column => column.Text(row))]);
        return new RowsPage
        {
            Columns = [.. table.Columns.Select(column => new DatasetColumn(column.Name, StorageTypes.Of(column.Kind)))],
            Rows = rows,
            Offset = offset,
            Total = table.Rows,
        };
    }

    /// <summary>What each column holds, over all rows.</summary>
    public async Task<IReadOnlyList<ColumnProfile>> GetProfileAsync(string projectKey, string name, CancellationToken cancellationToken)
    {
        var table = await LoadAsync(projectKey, name, cancellationToken);
        return await Task.Run(() => ColumnProfiler.Profile(table, cancellationToken), cancellationToken);
    }

    /// <summary>Takes the files away; settings and schema stay.</summary>
    public async Task ClearAsync(string projectKey, string name, CancellationToken cancellationToken)
    {
        var row = await FindAsync(projectKey, name, cancellationToken);
        await files.DeleteAsync(row.StorageId, cancellationToken);
    }

    /// <summary>Deletes the dataset with its files. Refused while an analysis uses it.</summary>
    public async Task DeleteAsync(string projectKey, string name, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await FindAsync(projectKey, name, cancellationToken);
        var reference = $"{projectKey}.{name}";
        var users = await db.Analyses
            .Where(analysis => analysis.InputDataset == reference || (analysis.InputDataset == name && analysis.ProjectKey == projectKey))
            .Select(analysis => analysis.Id).ToListAsync(cancellationToken);
        if (users.Count > 0)
            throw Refusal.Conflict($"Dataset '{name}' is used by analysis {string.Join(", ", users)}; delete that first.");
        await db.Datasets.Where(other => other.ProjectKey == projectKey && other.Name == name).ExecuteDeleteAsync(cancellationToken);
        await files.DeleteAsync(row.StorageId, CancellationToken.None);
    }

    /// <summary>The rows of a dataset that is given as <c>name</c> or <c>PROJECT.name</c>.</summary>
    internal async Task<DatasetContent> LoadReferenceAsync(string projectKey, string reference, CancellationToken cancellationToken)
    {
        var dot = reference.IndexOf('.', StringComparison.Ordinal);
        var (project, name) = dot < 0 ? (projectKey, reference) : (reference[..dot], reference[(dot + 1)..]);
        var row = await FindAsync(project, name, cancellationToken);
        var table = await LoadAsync(row, cancellationToken);
        return new DatasetContent($"{project}.{name}", row.StorageId, table, Stored(row) ?? throw NoFile(name));
    }

    /// <summary>SHA-256 over the bytes of the files, in their order.</summary>
    internal async Task<string> DigestAsync(DatasetContent content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 << 10];
        foreach (var file in content.Stored.Files)
        {
            await using var stream = files.OpenFile(content.StorageId, file);
            while (await stream.ReadAsync(buffer, cancellationToken) is var read and > 0) hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The content with its columns in the order of the saved schema; a column that only the schema has is null.</summary>
    internal async Task<(Table Table, IReadOnlyList<TableColumn?> Columns)> ReadForStreamAsync(
        string projectKey, string name, CancellationToken cancellationToken)
    {
        var table = await LoadAsync(projectKey, name, cancellationToken);
        var schema = DatasetDocument.SchemaColumns(await GetSchemaAsync(projectKey, name, cancellationToken));
        return (table, [.. schema.Select(column => table.Find(column.Name))]);
    }

    internal async Task<Table> LoadAsync(string projectKey, string name, CancellationToken cancellationToken) =>
        await LoadAsync(await FindAsync(projectKey, name, cancellationToken), cancellationToken);

    private async Task<Table> LoadAsync(DatasetRow row, CancellationToken cancellationToken)
    {
        try
        {
            return await files.LoadAsync(row.StorageId, cancellationToken);
        }
        catch (DatasetException fault)
        {
            throw Refusal.Dataset(fault);
        }
    }

    private async Task<DatasetRow> FindAsync(string projectKey, string name, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Datasets.AsNoTracking()
            .SingleOrDefaultAsync(dataset => dataset.ProjectKey == projectKey && dataset.Name == name, cancellationToken);
        if (row is not null) return row;
        await RequireProjectAsync(db, projectKey, cancellationToken);
        throw Refusal.NoDataset(projectKey, name);
    }

    private async Task ChangeAsync(
        string projectKey, string name, string actor, Func<DatasetRow, JsonObject> change, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Datasets.SingleOrDefaultAsync(dataset => dataset.ProjectKey == projectKey && dataset.Name == name, cancellationToken)
            ?? throw Refusal.NoDataset(projectKey, name);
        var settings = change(row);
        settings["versionTag"] = DatasetDocument.Tag(row.Revision + 1, actor, time.GetUtcNow());
        row.SettingsJson = Documents.Text(settings);
        row.ChangedOn = time.GetUtcNow();
        row.ChangedBy = actor;
        await db.SaveChangedAsync($"dataset '{name}'", cancellationToken);
    }

    private DatasetSummary Summary(DatasetRow row)
    {
        var settings = Documents.Parse(row.SettingsJson);
        var stored = Stored(row);
        var columns = DatasetDocument.Columns(settings);
        return new DatasetSummary
        {
            ProjectKey = row.ProjectKey,
            Name = row.Name,
            Type = row.Type,
            Columns = columns.Count == 0 && stored is not null ? DatasetDocument.Columns(stored, infer: true) : columns,
            Tags = DatasetDocument.Tags(settings),
            Files = stored?.Files.Count ?? 0,
            Bytes = stored?.Files.Sum(file => file.Bytes) ?? 0,
            RowCount = stored?.Rows,
            CreatedOn = row.CreatedOn,
            ChangedOn = row.ChangedOn,
            ChangedBy = row.ChangedBy,
        };
    }

    private StoredDataset? Stored(DatasetRow row)
    {
        try
        {
            return files.Find(row.StorageId);
        }
        catch (DatasetException fault)
        {
            throw Refusal.Dataset(fault);
        }
    }

    private static DatasetFile File(StoredFile file) => new(file.Name, file.Bytes, file.UploadedOn);

    private static bool IsCompressed(StoredDataset stored) =>
        stored.Files.All(file => file.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase));

    private static Exception NoFile(string name) => Refusal.Conflict($"Dataset '{name}' holds no file. Upload a CSV file to it.");

    private static async Task RequireProjectAsync(DesignDbContext db, string projectKey, CancellationToken cancellationToken)
    {
        if (!await db.Projects.AnyAsync(project => project.Key == projectKey, cancellationToken)) throw Refusal.NoProject(projectKey);
    }
}
