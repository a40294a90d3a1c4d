using System.Globalization;
using System.Text.Json.Nodes;
using Peregrine.Datasets.Profiles;

namespace Peregrine.Designing.Datasets;

/// <summary>Datasets as the wire shows them.</summary>
internal static class DatasetWire
{
    public static JsonObject Item(DatasetSummary dataset) => new()
    {
        ["projectKey"] = dataset.ProjectKey,
        ["name"] = dataset.Name,
        ["type"] = dataset.Type,
        ["managed"] = false,
        ["params"] = new JsonObject(),
        ["formatType"] = "csv",
        ["schema"] = new JsonObject { ["columns"] = DatasetDocument.Columns(dataset.Columns), ["userModified"] = false },
        ["tags"] = new JsonArray([.. dataset.Tags.Select(tag => JsonValue.Create(tag))]),
        ["files"] = dataset.Files,
        ["bytes"] = dataset.Bytes,
        ["rows"] = dataset.RowCount,
        ["lastModifiedOn"] = dataset.ChangedOn.ToUnixTimeMilliseconds(),
        ["lastModifiedBy"] = dataset.ChangedBy,
    };

    public static JsonObject File(DatasetFile file) => new()
    {
        ["path"] = file.Path,
        ["size"] = file.Size,
        ["lastModified"] = file.UploadedOn.ToUnixTimeMilliseconds(),
    };

    public static JsonObject Detection(DetectedFormat detected) => new()
    {
        ["format"] = new JsonObject
        {
            ["ok"] = true,
            ["type"] = detected.FormatType,
            ["params"] = detected.FormatParams,
            ["schemaDetection"] = new JsonObject
            {
                ["newSchema"] = new JsonObject { ["columns"] = DatasetDocument.Columns(detected.Columns), ["userModified"] = false },
                ["detectedSchema"] = new JsonObject { ["columns"] = DatasetDocument.Columns(detected.InferredColumns) },
            },
        },
        ["rows"] = detected.Rows,
    };

    public static JsonObject Rows(RowsPage page) => new()
    {
        ["columns"] = DatasetDocument.Columns(page.Columns),
        ["rows"] = new JsonArray([.. page.Rows.Select(row => new JsonArray([.. row.Select(cell => JsonValue.Create(cell))]))]),
        ["offset"] = page.Offset,
        ["total"] = page.Total,
    };

    public static JsonObject Metrics(DatasetSummary dataset, string partition)
    {
        var metrics = new JsonArray();
        if (dataset.RowCount is { } rows) metrics.Add(Metric("records:COUNT_RECORDS", rows, partition));
        metrics.Add(Metric("basic:SIZE", dataset.Bytes, partition));
        metrics.Add(Metric("basic:COUNT_FILES", dataset.Files, partition));
        return new JsonObject { ["metrics"] = metrics };
    }

    public static JsonObject Profile(ColumnProfile column)
    {
        var wire = new JsonObject
        {
            ["name"] = column.Name,
            ["type"] = StorageTypes.Of(column.Kind),
            ["rows"] = column.Rows,
            ["missing"] = column.Missing,
            ["distinct"] = column.Distinct,
            ["top"] = new JsonArray([.. column.Top.Select(value => new JsonObject { ["value"] = value.Value, ["count"] = value.Count })]),
        };
        if (column.Warning is { } warning) wire["warning"] = warning;
        if (column.Numbers is not { } numbers) return wire;
        wire["min"] = numbers.Min;
        wire["max"] = numbers.Max;
        wire["mean"] = numbers.Mean;
        wire["deviation"] = numbers.Deviation;
        wire["quantiles"] = new JsonArray([.. numbers.Quantiles.Select(q => new JsonObject { ["share"] = q.Share, ["value"] = q.Value })]);
        wire["histogram"] = new JsonArray(
            [.. numbers.Histogram.Select(bin => new JsonObject { ["from"] = bin.From, ["to"] = bin.To, ["count"] = bin.Count })]);
        return wire;
    }

    private static JsonObject Metric(string id, long value, string partition) => new()
    {
        ["metric"] = new JsonObject { ["id"] = id },
        ["lastValues"] = new JsonArray(new JsonObject
        {
            ["partition"] = partition,
            ["value"] = value.ToString(CultureInfo.InvariantCulture),
            ["dataType"] = "BIGINT",
        }),
    };
}
