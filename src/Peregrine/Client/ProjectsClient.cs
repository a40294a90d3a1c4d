using System.Text.Json.Nodes;

namespace Peregrine.Client;

public sealed class ProjectsClient(HttpConnection connection)
{
    private const string Projects = $"{PeregrineClient.Base}/projects/";

    public Task<IReadOnlyList<ProjectItem>> ListAsync(CancellationToken cancellationToken) =>
        connection.GetAsync(Projects, ClientJson.Default.IReadOnlyListProjectItem, cancellationToken);

    public Task CreateAsync(string key, string? name, CancellationToken cancellationToken) =>
        connection.SendAsync(
            HttpMethod.Post, Projects,
            new JsonObject { ["projectKey"] = key, ["name"] = name ?? key, ["settings"] = null, ["description"] = null, ["permissions"] = new JsonArray(), ["tags"] = new JsonArray() },
            cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Delete, $"{Projects}{PeregrineClient.Id(key)}?clearManagedDatasets=False&clearOutputManagedFolders=False&clearJobAndScenarioLogs=True&wait=True", null, cancellationToken);
}
