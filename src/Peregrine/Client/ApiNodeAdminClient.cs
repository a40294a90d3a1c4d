using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Hosting.Tls;

namespace Peregrine.Client;

/// <summary>The admin API of an API node.</summary>
public sealed class ApiNodeAdminClient(Uri url, string? key, ClientTls? tls = null) : IDisposable
{
    private readonly HttpConnection _connection = new(url, key, tls);

    public ApiNodeAccessClient Access => new(_connection);

    public async Task<JsonArray> ListServicesAsync(CancellationToken cancellationToken) =>
        (JsonArray)await _connection.GetNodeAsync("admin/api/services", cancellationToken);

    public async Task<JsonArray> ListGenerationsAsync(string service, CancellationToken cancellationToken) =>
        (await _connection.GetNodeAsync($"{Service(service)}/generations", cancellationToken))["generations"] as JsonArray
        ?? throw new ClientException("The node's answer lacks 'generations'.");

    public Task SetEnabledAsync(string service, bool enabled, CancellationToken cancellationToken) =>
        _connection.SendAsync(HttpMethod.Post, $"{Service(service)}/actions/{(enabled ? "enable" : "disable")}", null, cancellationToken);

    public Task SwitchToAsync(string service, string generation, CancellationToken cancellationToken) =>
        _connection.SendAsync(HttpMethod.Post, $"{Service(service)}/actions/switchTo/{PeregrineClient.Id(generation)}", null, cancellationToken);

    /// <summary>The end of the query log, or what came behind a cursor: <c>lines</c> and <c>cursor</c>.</summary>
    public Task<JsonNode> TailLogsAsync(string? service, string? endpoint, int lines, string? after, CancellationToken cancellationToken) =>
        _connection.GetNodeAsync(
            $"admin/api/logs?lines={lines.ToString(CultureInfo.InvariantCulture)}{Query("service", service)}{Query("endpoint", endpoint)}{Query("after", after)}", cancellationToken);

    public Task<JsonNode> MetricsAsync(CancellationToken cancellationToken) => _connection.GetNodeAsync("admin/api/metrics", cancellationToken);

    /// <summary>What the node has seen of a service, with raw counts.</summary>
    /// <param name="query">Begins with a question mark.</param>
    public Task<DriftAnswer> ReadDriftAsync(string service, string query, CancellationToken cancellationToken) =>
        _connection.GetAsync($"{Service(service)}/drift{query}", DriftJson.Default.DriftAnswer, cancellationToken);

    /// <summary>Creates a service; one that is there already is fine.</summary>
    public async Task EnsureServiceAsync(string service, CancellationToken cancellationToken)
    {
        var services = await ListServicesAsync(cancellationToken);
        if (services.Any(one => (string?)one?["serviceId"] == service)) return;
        await _connection.SendAsync(HttpMethod.Post, "admin/api/services/", new JsonObject { ["serviceId"] = service }, cancellationToken);
    }

    /// <summary>Gets a package onto the node: nothing is sent that the node has, and a broken upload goes on where it stopped.</summary>
    /// <returns>The node's answer, and how many bytes were sent.</returns>
    public async Task<(JsonNode Import, long Sent)> ImportAsync(string service, Stream package, CancellationToken cancellationToken)
    {
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(package, cancellationToken));
        var path = $"{Service(service)}/packages/{digest}";
        var found = await FindAsync(path, cancellationToken);
        if ((string?)found?["place"] is "GENERATION" or "NODE") return (await _connection.SendNodeAsync(HttpMethod.Post, $"{path}/import", null, cancellationToken), 0);
        var offset = Math.Min((long?)found?["bytes"] ?? 0, package.Length);
        package.Position = offset;
        using var rest = new StreamContent(package, bufferSize: 1 << 17);
        rest.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        rest.Headers.Add("Upload-Complete", "?1");
        var answer = await _connection.SendTextAsync(HttpMethod.Patch, path, rest, cancellationToken);
        return (JsonNode.Parse(answer) ?? throw new ClientException("The node answered null."), package.Length - offset);
    }

    public Task SetMappingAsync(string service, JsonObject mapping, CancellationToken cancellationToken) =>
        _connection.SendAsync(HttpMethod.Post, $"{Service(service)}/actions/setMapping", mapping, cancellationToken);

    public async Task<JsonArray> ListSwitchesAsync(string service, CancellationToken cancellationToken) =>
        (await _connection.GetNodeAsync($"{Service(service)}/switches", cancellationToken))["switches"] as JsonArray
        ?? throw new ClientException("The node's answer lacks 'switches'.");

    public Task<JsonNode> PrepareSwitchAsync(string service, string id, JsonObject body, CancellationToken cancellationToken) =>
        _connection.SendNodeAsync(HttpMethod.Put, $"{Service(service)}/switches/{PeregrineClient.Id(id)}", body, cancellationToken);

    /// <param name="step"><c>commit</c> or <c>abort</c>.</param>
    public Task<JsonNode> DecideSwitchAsync(string service, string id, string step, CancellationToken cancellationToken) =>
        _connection.SendNodeAsync(HttpMethod.Post, $"{Service(service)}/switches/{PeregrineClient.Id(id)}/{step}", null, cancellationToken);

    /// <summary>How the shadows of a service compare with what callers got.</summary>
    public Task<JsonNode> GetShadowsAsync(string service, CancellationToken cancellationToken) => _connection.GetNodeAsync($"{Service(service)}/shadows", cancellationToken);

    public void Dispose() => _connection.Dispose();

    private async Task<JsonNode?> FindAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await _connection.GetNodeAsync(path, cancellationToken);
        }
        catch (ClientException none) when (none.Status == 404)
        {
            return null;
        }
    }

    private static string Query(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private static string Service(string service) => $"admin/api/services/{PeregrineClient.Id(service)}";
}
