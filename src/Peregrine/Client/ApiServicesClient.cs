using System.Text.Json.Nodes;

namespace Peregrine.Client;

/// <summary>The API Designer: services of a project and their packages.</summary>
public sealed class ApiServicesClient(HttpConnection connection)
{
    public Task<IReadOnlyList<ApiServiceItem>> ListAsync(string project, CancellationToken cancellationToken) =>
        connection.GetAsync($"{Services(project)}/", ClientJson.Default.IReadOnlyListApiServiceItem, cancellationToken);

    public Task CreateAsync(string project, string service, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Post, Service(project, service), null, cancellationToken);

    public async Task<JsonObject> GetSettingsAsync(string project, string service, CancellationToken cancellationToken) =>
        (JsonObject)await connection.GetNodeAsync($"{Service(project, service)}/settings", cancellationToken);

    public Task SaveSettingsAsync(string project, string service, JsonObject settings, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Put, $"{Service(project, service)}/settings", settings, cancellationToken);

    /// <summary>Adds or replaces an endpoint that answers by a model.</summary>
    /// <param name="kind">STD_PREDICTION or STD_CLUSTERING, as the model is.</param>
    public async Task SetModelEndpointAsync(string project, string service, string endpoint, string kind, string model, CancellationToken cancellationToken)
    {
        var settings = await GetSettingsAsync(project, service, cancellationToken);
        if (settings["endpoints"] is not JsonArray endpoints) settings["endpoints"] = endpoints = [];
        if (endpoints.OfType<JsonObject>().FirstOrDefault(one => one["id"]?.GetValue<string>() == endpoint) is { } existing) (existing["type"], existing["modelRef"]) = (kind, model);
        else endpoints.Add(new JsonObject { ["id"] = endpoint, ["type"] = kind, ["modelRef"] = model });
        await SaveSettingsAsync(project, service, settings, cancellationToken);
    }

    /// <summary>Adds an endpoint, or replaces what one of that id serves; its test queries stay only where the kind stays.</summary>
    /// <param name="members">The endpoint's members but its id.</param>
    public async Task SetEndpointAsync(string project, string service, string endpoint, JsonObject members, CancellationToken cancellationToken)
    {
        var settings = await GetSettingsAsync(project, service, cancellationToken);
        if (settings["endpoints"] is not JsonArray endpoints) settings["endpoints"] = endpoints = [];
        var existing = endpoints.OfType<JsonObject>().FirstOrDefault(one => one["id"]?.GetValue<string>() == endpoint);
        members["id"] = endpoint;
        if (existing is null) endpoints.Add(members);
        else
        {
            if (existing["type"]?.GetValue<string>() == members["type"]?.GetValue<string>() && existing["testQueries"] is { } queries) members["testQueries"] = queries.DeepClone();
            endpoints[endpoints.IndexOf(existing)] = members;
        }

        await SaveSettingsAsync(project, service, settings, cancellationToken);
    }

    /// <summary>What an endpoint does with records that differ, each member with its value.</summary>
    public async Task<JsonObject> GetSchemaAsync(string project, string service, string endpoint, CancellationToken cancellationToken) =>
        (JsonObject)await connection.GetNodeAsync(Schema(project, service, endpoint), cancellationToken);

    /// <param name="changes">Members that change.</param>
    public Task ChangeSchemaAsync(string project, string service, string endpoint, JsonObject changes, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Put, Schema(project, service, endpoint), changes, cancellationToken);

    /// <summary>What answers and the query log hold of an endpoint's records.</summary>
    public async Task<JsonObject> GetLogAsync(string project, string service, string endpoint, CancellationToken cancellationToken) =>
        (JsonObject)await connection.GetNodeAsync(Log(project, service, endpoint), cancellationToken);

    /// <param name="changes">Members that change.</param>
    public Task ChangeLogAsync(string project, string service, string endpoint, JsonObject changes, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Put, Log(project, service, endpoint), changes, cancellationToken);

    /// <summary>What an endpoint explains unasked, after the changes.</summary>
    /// <param name="changes">Members that change; none only reads.</param>
    public async Task<JsonObject> ExplanationsAsync(string project, string service, string endpoint, JsonObject changes, CancellationToken cancellationToken)
    {
        var path = $"{Service(project, service)}/endpoints/{PeregrineClient.Id(endpoint)}/explanations";
        return (JsonObject)(changes.Count > 0
            ? await connection.SendNodeAsync(HttpMethod.Put, path, changes, cancellationToken)
            : await connection.GetNodeAsync(path, cancellationToken));
    }

    /// <summary>Fills the endpoint's test queries from rows of the model's training dataset.</summary>
    public Task GenerateTestQueriesAsync(string project, string service, string endpoint, int rows, CancellationToken cancellationToken) =>
        connection.SendAsync(
            HttpMethod.Post, $"{Service(project, service)}/endpoints/{PeregrineClient.Id(endpoint)}/test-queries/actions/generate?rows={rows}", null, cancellationToken);

    public Task<IReadOnlyList<PackageItem>> ListPackagesAsync(string project, string service, CancellationToken cancellationToken) =>
        connection.GetAsync($"{Service(project, service)}/packages", ClientJson.Default.IReadOnlyListPackageItem, cancellationToken);

    public Task CreatePackageAsync(string project, string service, string version, string? notes, CancellationToken cancellationToken) =>
        connection.SendAsync(
            HttpMethod.Post,
            $"{Service(project, service)}/packages/{PeregrineClient.Id(version)}{(notes is null ? "" : $"?releaseNotes={Uri.EscapeDataString(notes)}")}", null, cancellationToken);

    public Task DownloadPackageAsync(string project, string service, string version, Stream target, CancellationToken cancellationToken) =>
        connection.DownloadAsync($"{Service(project, service)}/packages/{PeregrineClient.Id(version)}/archive", target, cancellationToken);

    public Task PublishAsync(string project, string service, string version, string? publishedService, CancellationToken cancellationToken) =>
        connection.SendAsync(
            HttpMethod.Post,
            $"{Service(project, service)}/packages/{PeregrineClient.Id(version)}/publish{(publishedService is null ? "" : $"?publishedServiceId={Uri.EscapeDataString(publishedService)}")}",
            null, cancellationToken);

    private static string Log(string project, string service, string endpoint) => $"{Service(project, service)}/endpoints/{PeregrineClient.Id(endpoint)}/log";

    private static string Schema(string project, string service, string endpoint) => $"{Service(project, service)}/endpoints/{PeregrineClient.Id(endpoint)}/schema";

    private static string Services(string project) => $"{PeregrineClient.Base}/projects/{PeregrineClient.Id(project)}/apiservices";

    private static string Service(string project, string service) => $"{Services(project)}/{PeregrineClient.Id(service)}";
}
