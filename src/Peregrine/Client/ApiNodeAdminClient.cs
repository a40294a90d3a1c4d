using System.Globalization;
using System.Text.Json.Nodes;
using Peregrine.Contracts.ApiNode.Drift;

namespace Peregrine.Client;

/// <summary>The admin API of an API node.</summary>
public sealed class ApiNodeAdminClient(Uri url, string? key) : IDisposable
{
    private readonly HttpConnection _connection = new(url, key);

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

    public void Dispose() => _connection.Dispose();

    private static string Query(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private static string Service(string service) => $"admin/api/services/{PeregrineClient.Id(service)}";
}
