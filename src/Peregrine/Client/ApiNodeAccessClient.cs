using System.Text.Json.Nodes;

namespace Peregrine.Client;

/// <summary>Who may call an API node: the keys of its services, its admin keys, and the audit log.</summary>
public sealed class ApiNodeAccessClient(HttpConnection connection)
{
    public async Task<JsonArray> ListServiceKeysAsync(string service, CancellationToken cancellationToken) =>
        (JsonArray)await connection.GetNodeAsync(Keys(service), cancellationToken);

    /// <summary>The answer's member <c>key</c> is the key itself, told this once.</summary>
    /// <param name="endpoints">Empty: all.</param>
    public Task<JsonNode> AddServiceKeyAsync(
        string service, string label, DateTimeOffset? expiry, IReadOnlyCollection<string> endpoints, CancellationToken cancellationToken) =>
        connection.SendNodeAsync(HttpMethod.Post, Keys(service), new JsonObject
        {
            ["label"] = label,
            ["expiry"] = expiry?.ToUnixTimeMilliseconds(),
            ["endpoints"] = endpoints.Count == 0 ? null : new JsonArray([.. endpoints.Select(endpoint => (JsonNode)endpoint)]),
        }, cancellationToken);

    /// <inheritdoc cref="AddServiceKeyAsync"/>
    public Task<JsonNode> RotateServiceKeyAsync(string service, string key, TimeSpan? overlap, DateTimeOffset? expiry, CancellationToken cancellationToken) =>
        connection.SendNodeAsync(HttpMethod.Post, $"{Keys(service)}/{PeregrineClient.Id(key)}/actions/rotate", new JsonObject
        {
            ["overlapSeconds"] = overlap is { } time ? (long)time.TotalSeconds : null,
            ["expiry"] = expiry?.ToUnixTimeMilliseconds(),
        }, cancellationToken);

    public Task RevokeServiceKeyAsync(string service, string key, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Delete, $"{Keys(service)}/{PeregrineClient.Id(key)}", null, cancellationToken);

    /// <summary>Rules of rate limits and quotas, with what is left.</summary>
    public Task<JsonNode> GetLimitsAsync(string service, CancellationToken cancellationToken) => connection.GetNodeAsync(Limits(service), cancellationToken);

    /// <param name="rules">All of them: those that are left out are gone.</param>
    public Task<JsonNode> SetLimitsAsync(string service, IEnumerable<JsonObject> rules, CancellationToken cancellationToken) =>
        connection.SendNodeAsync(HttpMethod.Put, Limits(service), new JsonObject { ["rules"] = new JsonArray([.. rules]) }, cancellationToken);

    public async Task<JsonArray> ListAdminKeysAsync(CancellationToken cancellationToken) =>
        (JsonArray)await connection.GetNodeAsync("admin/api/keys", cancellationToken);

    /// <inheritdoc cref="AddServiceKeyAsync"/>
    /// <param name="role">reader, operator or deployer.</param>
    public Task<JsonNode> AddAdminKeyAsync(string label, string role, DateTimeOffset? expiry, CancellationToken cancellationToken) =>
        connection.SendNodeAsync(
            HttpMethod.Post, "admin/api/keys", new JsonObject { ["label"] = label, ["role"] = role, ["expiry"] = expiry?.ToUnixTimeMilliseconds() }, cancellationToken);

    public Task RemoveAdminKeyAsync(string key, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Delete, $"admin/api/keys/{PeregrineClient.Id(key)}/key", null, cancellationToken);

    /// <param name="lines">1 to 10,000; the newest, oldest of them first.</param>
    public async Task<JsonArray> AuditAsync(int lines, CancellationToken cancellationToken) =>
        (JsonArray)await connection.GetNodeAsync($"admin/api/audit?lines={lines}", cancellationToken);

    private static string Limits(string service) => $"admin/api/services/{PeregrineClient.Id(service)}/limits";

    private static string Keys(string service) => $"admin/api/services/{PeregrineClient.Id(service)}/keys";
}
