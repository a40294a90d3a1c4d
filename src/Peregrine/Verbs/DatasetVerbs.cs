using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

internal static class DatasetVerbs
{
    public static Command Create() =>
        ClientVerb.Group("dataset", "Datasets: tables of a project.", UploadVerb(), ListVerb(), SchemaVerb(), RowsVerb());

    private static Command UploadVerb()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var file = new Argument<string>("FILE") { Description = "CSV file with a header line, plain or gzip (.gz)." };
        var name = ClientVerb.Option("--name", "Name of the dataset. Default: the file's name.", "NAME");
        return ClientVerb.Create("upload", "Upload a CSV file as a dataset and find out its column types.", [project, file, name], (client, parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file);
            return UploadAsync(client, parsed.GetRequiredValue(project), path, parsed.GetValue(name) ?? NameOf(path), cancellationToken);
        });
    }

    private static async Task UploadAsync(PeregrineClient client, string project, string path, string name, CancellationToken cancellationToken)
    {
        var columns = await DatasetUpload.RunAsync(client, project, path, name, cancellationToken);
        var total = (await client.Datasets.RowsAsync(project, name, 0, 1, cancellationToken)).Total;
        Output.Line($"Dataset {project}.{name} has {total.ToString("N0", CultureInfo.InvariantCulture)} rows and {columns.Count} columns:");
        PrintSchema(columns);
    }

    private static Command ListVerb()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var json = ClientVerb.Json();
        return ClientVerb.Create("list", "List the datasets of a project.", [project, json], async (client, parsed, cancellationToken) =>
        {
            var datasets = await client.Datasets.ListAsync(parsed.GetRequiredValue(project), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(JsonSerializer.SerializeToNode(datasets, ClientJson.Default.IReadOnlyListDatasetItem));
            else Output.Table(["NAME", "TYPE", "COLUMNS"], datasets.Select(dataset => new[] { dataset.Name, dataset.Type ?? "", $"{dataset.Schema.Columns.Count}" }));
        });
    }

    private static Command SchemaVerb()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var name = ClientVerb.Argument("DATASET", "Name of the dataset.");
        var json = ClientVerb.Json();
        return ClientVerb.Create("schema", "Show the columns of a dataset with their types.", [project, name, json], async (client, parsed, cancellationToken) =>
        {
            var schema = await client.Datasets.SchemaAsync(parsed.GetRequiredValue(project), parsed.GetRequiredValue(name), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(JsonSerializer.SerializeToNode(schema, ClientJson.Default.SchemaAnswer));
            else PrintSchema(schema.Columns);
        });
    }

    private static Command RowsVerb()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var name = ClientVerb.Argument("DATASET", "Name of the dataset.");
        var offset = new Option<long>("--offset") { Description = "Rows to skip.", HelpName = "N", DefaultValueFactory = _ => 0 };
        var limit = new Option<int>("--limit") { Description = "Rows to show, 1 to 10,000.", HelpName = "N", DefaultValueFactory = _ => 10 };
        var json = ClientVerb.Json();
        return ClientVerb.Create("rows", "Show rows of a dataset.", [project, name, offset, limit, json], async (client, parsed, cancellationToken) =>
        {
            var rows = await client.Datasets.RowsAsync(
                parsed.GetRequiredValue(project), parsed.GetRequiredValue(name), parsed.GetValue(offset), parsed.GetValue(limit), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(JsonSerializer.SerializeToNode(rows, ClientJson.Default.RowsAnswer));
            else Output.Table([.. rows.Columns.Select(column => column.Name)], rows.Rows.Select(row => row.Select(Cell).ToArray()));
        });
    }

    private static string Cell(JsonNode? cell) => cell?.ToString() ?? "";

    private static void PrintSchema(IReadOnlyList<ColumnItem> columns) =>
        Output.Table(["COLUMN", "TYPE"], columns.Select(column => new[] { column.Name, column.Type }));

    /// <summary><c>my-payments.csv.gz</c> is <c>my_payments</c>.</summary>
    internal static string NameOf(string path)
    {
        var name = Path.GetFileName(path);
        foreach (var ending in new[] { ".gz", ".csv", ".tsv", ".txt" })
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) name = name[..^ending.Length];
        var plain = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')).Trim('_');
        return plain.Length > 0 ? plain : throw new UsageException($"No name for a dataset can be made of '{path}'; give one with --name.");
    }
}
