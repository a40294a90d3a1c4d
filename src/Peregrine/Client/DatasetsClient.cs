using System.Globalization;
using System.Text.Json.Nodes;

namespace Peregrine.Client;

public sealed class DatasetsClient(HttpConnection connection)
{
    private readonly FuturesClient _futures = new(connection);

    public Task<IReadOnlyList<DatasetItem>> ListAsync(string project, CancellationToken cancellationToken) =>
        connection.GetAsync($"{Datasets(project)}?foreign=False", ClientJson.Default.IReadOnlyListDatasetItem, cancellationToken);

    public Task CreateUploadAsync(string project, string name, CancellationToken cancellationToken) =>
        connection.SendAsync(
            HttpMethod.Post, Datasets(project),
            new JsonObject { ["name"] = name, ["projectKey"] = project, ["type"] = "UploadedFiles", ["params"] = new JsonObject() },
            cancellationToken);

    public async Task<bool> ExistsAsync(string project, string name, CancellationToken cancellationToken)
    {
        try
        {
            await connection.GetNodeAsync($"{Dataset(project, name)}/metadata", cancellationToken);
            return true;
        }
        catch (ClientException absent) when (absent.IsNotFound)
        {
            return false;
        }
    }

    public Task UploadAsync(string project, string name, Stream content, string fileName, CancellationToken cancellationToken) =>
        connection.UploadAsync($"{Dataset(project, name)}/uploaded/files", content, fileName, cancellationToken);

    /// <summary>Finds out format and column types of what was uploaded and saves them in the settings.</summary>
    public async Task<IReadOnlyList<ColumnItem>> DetectAsync(string project, string name, CancellationToken cancellationToken)
    {
        var started = await connection.SendNodeAsync(
            HttpMethod.Post, $"{Dataset(project, name)}/actions/testAndDetectSettings/fsLike",
            new JsonObject { ["detectPossibleFormats"] = true, ["inferStorageTypes"] = true }, cancellationToken);
        var format = (await _futures.WaitAsync(started, null, cancellationToken))["format"] as JsonObject
                     ?? throw new ClientException($"Nothing was found out about dataset '{name}'.");
        if (format["ok"]?.GetValue<bool>() != true)
            throw new ClientException($"The files of dataset '{name}' could not be read: {format.ToJsonString()}", status: 422);
        var settings = (JsonObject)await connection.GetNodeAsync(Dataset(project, name), cancellationToken);
        settings["formatType"] = format["type"]!.DeepClone();
        settings["formatParams"] = format["params"]!.DeepClone();
        settings["schema"] = format["schemaDetection"]!["newSchema"]!.DeepClone();
        await connection.SendAsync(HttpMethod.Put, Dataset(project, name), settings, cancellationToken);
        return (await SchemaAsync(project, name, cancellationToken)).Columns;
    }

    public Task<SchemaAnswer> SchemaAsync(string project, string name, CancellationToken cancellationToken) =>
        connection.GetAsync($"{Dataset(project, name)}/schema", ClientJson.Default.SchemaAnswer, cancellationToken);

    public Task<RowsAnswer> RowsAsync(string project, string name, long offset, int limit, CancellationToken cancellationToken) =>
        connection.GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"{Dataset(project, name)}/rows?offset={offset}&limit={limit}"), ClientJson.Default.RowsAnswer, cancellationToken);

    public Task DeleteAsync(string project, string name, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Delete, $"{Dataset(project, name)}?dropData=True", null, cancellationToken);

    private static string Datasets(string project) => $"{PeregrineClient.Base}/projects/{PeregrineClient.Id(project)}/datasets/";

    private static string Dataset(string project, string name) => Datasets(project) + PeregrineClient.Id(name);
}
