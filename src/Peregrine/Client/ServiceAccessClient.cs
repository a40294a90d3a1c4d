using System.Text.Json.Nodes;

namespace Peregrine.Client;

/// <summary>Who may ask an API service: its keys, and the signed tokens that open it.</summary>
public sealed class ServiceAccessClient(HttpConnection connection)
{
    /// <summary><c>{"authMethod":…,"oAuth2":{…}}</c></summary>
    public async Task<JsonObject> GetAsync(string project, string service, CancellationToken cancellationToken) =>
        (JsonObject)await connection.GetNodeAsync(Authorization(project, service), cancellationToken);

    /// <param name="changes">Members that change, of <c>oAuth2</c> too.</param>
    /// <returns>All of it, as <see cref="GetAsync"/>.</returns>
    public async Task<JsonObject> ChangeAsync(string project, string service, JsonObject changes, CancellationToken cancellationToken) =>
        (JsonObject)await connection.SendNodeAsync(HttpMethod.Put, Authorization(project, service), changes, cancellationToken);

    public async Task<JsonArray> ListKeysAsync(string project, string service, CancellationToken cancellationToken) =>
        (JsonArray)await connection.GetNodeAsync(Keys(project, service), cancellationToken);

    /// <summary>The answer's member <c>secret</c> is the key itself, told this once.</summary>
    /// <param name="endpoints">Empty: all.</param>
    public Task<JsonNode> AddKeyAsync(
        string project, string service, string label, DateTimeOffset? expiry, IReadOnlyCollection<string> endpoints, CancellationToken cancellationToken) =>
        connection.SendNodeAsync(HttpMethod.Post, Keys(project, service), new JsonObject
        {
            ["label"] = label,
            ["expiry"] = expiry?.ToUnixTimeMilliseconds(),
            ["endpoints"] = endpoints.Count == 0 ? null : new JsonArray([.. endpoints.Select(endpoint => (JsonNode)endpoint)]),
        }, cancellationToken);

    /// <inheritdoc cref="AddKeyAsync"/>
    public Task<JsonNode> RotateKeyAsync(string project, string service, string key, TimeSpan? overlap, DateTimeOffset? expiry, CancellationToken cancellationToken) =>
        connection.SendNodeAsync(HttpMethod.Post, $"{Keys(project, service)}/{PeregrineClient.Id(key)}/actions/rotate", new JsonObject
        {
            ["overlapSeconds"] = overlap is { } time ? (long)time.TotalSeconds : null,
            ["expiry"] = expiry?.ToUnixTimeMilliseconds(),
        }, cancellationToken);

    public Task RevokeKeyAsync(string project, string service, string key, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Delete, $"{Keys(project, service)}/{PeregrineClient.Id(key)}", null, cancellationToken);

    private static string Authorization(string project, string service) => $"{Service(project, service)}/authorization";

    private static string Keys(string project, string service) => $"{Service(project, service)}/keys";

    private static string Service(string project, string service) =>
        $"{PeregrineClient.Base}/projects/{PeregrineClient.Id(project)}/apiservices/{PeregrineClient.Id(service)}";
}
