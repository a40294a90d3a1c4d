using System.Text.Json.Nodes;

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

    public void Dispose() => _connection.Dispose();

    private static string Service(string service) => $"admin/api/services/{PeregrineClient.Id(service)}";
}
