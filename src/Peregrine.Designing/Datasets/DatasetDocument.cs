using System.Text.Json.Nodes;
using Peregrine.Datasets.Storage;
using Peregrine.Designing.Json;
using Peregrine.Records;

namespace Peregrine.Designing.Datasets;

/// <summary>The settings document of a dataset: what a new one holds, and what of a changed one is understood.</summary>
internal static class DatasetDocument
{
    public const string UploadedFiles = "UploadedFiles";

    public static JsonObject Create(string projectKey, string name, string actor, DateTimeOffset now) => new()
    {
        ["type"] = UploadedFiles,
        ["name"] = name,
        ["projectKey"] = projectKey,
        ["managed"] = false,
        ["params"] = new JsonObject(),
        ["formatType"] = "csv",
        ["formatParams"] = Csv(',', compressed: false),
        ["partitioning"] = new JsonObject { ["dimensions"] = new JsonArray() },
        ["schema"] = new JsonObject { ["columns"] = new JsonArray(), ["userModified"] = false },
        ["tags"] = new JsonArray(),
        ["featureGroup"] = false,
        ["description"] = "",
        ["shortDesc"] = "",
        ["customFields"] = new JsonObject(),
        ["creationTag"] = Tag(0, actor, now),
        ["versionTag"] = Tag(0, actor, now),
    };

    public static JsonObject Metadata(string name) => new()
    {
        ["label"] = name,
        ["description"] = "",
        ["shortDesc"] = "",
        ["tags"] = new JsonArray(),
        ["checklists"] = new JsonObject { ["checklists"] = new JsonArray() },
        ["custom"] = new JsonObject { ["kv"] = new JsonObject() },
    };

    public static JsonObject Tag(int version, string actor, DateTimeOffset now) => new()
    {
        ["versionNumber"] = version,
        ["lastModifiedBy"] = new JsonObject { ["login"] = actor },
        ["lastModifiedOn"] = now.ToUnixTimeMilliseconds(),
    };

    public static JsonObject Csv(char separator, bool compressed) => new()
    {
        ["style"] = "excel",
        ["charset"] = "utf8",
        ["separator"] = separator.ToString(),
        ["quoteChar"] = "\"",
        ["escapeChar"] = "\\",
        ["parseHeaderRow"] = true,
        ["skipRowsBeforeHeader"] = 0,
        ["skipRowsAfterHeader"] = 0,
        ["compress"] = compressed ? "gz" : "",
    };

    public static JsonArray Columns(IEnumerable<DatasetColumn> columns) =>
        [.. columns.Select(column => new JsonObject { ["name"] = column.Name, ["type"] = column.Type })];

    public static IReadOnlyList<DatasetColumn> Columns(JsonObject settings) =>
        settings["schema"] is JsonObject schema ? SchemaColumns(schema) : [];

    public static IReadOnlyList<DatasetColumn> SchemaColumns(JsonObject schema) =>
        schema["columns"] is JsonArray columns
            ? [.. columns.OfType<JsonObject>().Select(column => new DatasetColumn(
                column.String("name") ?? "", column.String("type") ?? StorageTypes.Text, column.String("meaning")))]
            : [];

    public static IReadOnlyList<string> Tags(JsonObject settings) =>
        settings["tags"] is JsonArray tags ? [.. tags.OfType<JsonValue>().Select(tag => tag.ToString())] : [];

    /// <summary>Refuses a schema that could not be answered from: columns without name or with a type nobody knows.</summary>
    public static void CheckSchema(JsonObject schema)
    {
        if (schema["columns"] is not JsonArray columns) throw Refusal.Invalid("The schema needs a list 'columns'.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < columns.Count; at++)
        {
            if (columns[at] is not JsonObject column || column.String("name") is not { Length: > 0 } name)
                throw Refusal.Invalid($"Column {at + 1} of the schema has no name.");
            if (!seen.Add(name)) throw Refusal.Invalid($"Column '{name}' stands twice in the schema.");
            if (column.String("type") is not { } type) column["type"] = StorageTypes.Text;
            else if (!StorageTypes.IsKnown(type)) throw Refusal.Invalid($"Column '{name}' has the unknown type '{type}'.");
        }
    }

    /// <summary>Refuses a format that the stored files are not read by: it would change nothing, silently.</summary>
    public static void CheckFormat(JsonObject settings, StoredDataset? stored)
    {
        if (settings.String("formatType") is { Length: > 0 } format && !string.Equals(format, "csv", StringComparison.Ordinal))
            throw Refusal.Invalid($"Format '{format}' is not read; uploaded files are CSV, plain or gzip: 'formatType':'csv'.");
        if (settings["formatParams"] is not JsonObject csv) return;
        if (csv.Boolean("parseHeaderRow") == false)
            throw Refusal.Invalid("Files without a header line are not read ('parseHeaderRow': false). Put a first line with the column names.");
        if (csv.Number("skipRowsBeforeHeader") is > 0 || csv.Number("skipRowsAfterHeader") is > 0)
            throw Refusal.Invalid("Rows around the header cannot be skipped; take them out of the file.");
        if (stored is not null && csv.String("separator") is { Length: > 0 } separator
            && !string.Equals(Plain(separator), stored.Format.Delimiter.ToString(), StringComparison.Ordinal))
            throw Refusal.Invalid($"The stored files are separated by '{stored.Format.Delimiter}', so they cannot be read with separator '{separator}'.");
    }

    /// <summary>The columns of the content; kinds as found, or text for all.</summary>
    public static IReadOnlyList<DatasetColumn> Columns(StoredDataset stored, bool infer) =>
        [.. stored.Columns.Select(column => new DatasetColumn(column.Name, infer ? StorageTypes.Of(column.Kind) : StorageTypes.Of(FieldKind.Text)))];

    private static string Plain(string separator) => string.Equals(separator, "\\t", StringComparison.Ordinal) ? "\t" : separator;
}
