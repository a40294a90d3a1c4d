using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Serving.Tests;

/// <summary>A running node and how tests speak with it.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _ownsDirectory;

    /// <param name="handler">Where plain HTTP will not do.</param>
    public TestNode(WebApplication app, string directory, bool ownsDirectory, HttpMessageHandler? handler = null)
    {
        _app = app;
        _ownsDirectory = ownsDirectory;
        Folder = directory;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = new HttpClient(handler ?? new SocketsHttpHandler()) { BaseAddress = Address };
    }

    public Uri Address { get; }

    /// <summary>Of a node with gRPC.</summary>
    public Uri GrpcAddress => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Last());

    /// <summary>The admin API's own port, where it has one.</summary>
    public Uri AdminAddress => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Last());

    public string Folder { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_ownsDirectory) Directory.Delete(Folder, recursive: true);
    }

    public async Task StopAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public static AuthenticationHeaderValue Basic(string user, string password = "") =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    public Task<Answer> PredictAsync(string body, string path = "fraud/score/predict", string? key = null) =>
        SendAsync(HttpMethod.Post, $"public/api/v1/{path}", new StringContent(body, Encoding.UTF8, "application/json"), key is null ? null : Basic(key));

    public Task<Answer> PredictFeaturesAsync(string features, string path = "fraud/score/predict") => PredictAsync($$"""{"features":{{features}}}""", path);

    public Task<Answer> GetAsync(string path, string? key = null) => SendAsync(HttpMethod.Get, path, null, key is null ? null : Basic(key));

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content = null, AuthenticationHeaderValue? authorization = null)
    {
        using var request = new HttpRequestMessage(method, new Uri($"{Address.ToString().TrimEnd('/')}/{path}")) { Content = content };
        request.Headers.Authorization = authorization;
        using var response = await Http.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>An admin call that has to succeed.</summary>
    public async Task<JsonNode?> AdminAsync(HttpMethod method, string path, string? body = null)
    {
        var answer = await TryAdminAsync(method, path, body);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.Text.Length == 0 ? null : JsonNode.Parse(answer.Text);
    }

    public Task<Answer> TryAdminAsync(HttpMethod method, string path, string? body = null) =>
        SendAsync(method, $"admin/api/{path}", body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body)), Basic(ApiNodeBuilder.AdminKey));

    /// <summary>Creates the service if need be and uploads a package.</summary>
    public async Task ImportAsync(string service, byte[] package)
    {
        await TryAdminAsync(HttpMethod.Post, "services/", $$"""{"serviceId":"{{service}}"}""");
        var answer = await UploadAsync(service, package);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
    }

    public Task<Answer> UploadAsync(string service, byte[] package, string query = "") =>
        SendAsync(HttpMethod.Post, $"admin/api/services/{service}/generations{query}", new ByteArrayContent(package), Basic(ApiNodeBuilder.AdminKey));

    public Task SwitchAsync(string generation, string service = "fraud") => AdminAsync(HttpMethod.Post, $"services/{service}/actions/switchTo/{generation}");

    public Task MapAsync(string mapping, string service = "fraud") => AdminAsync(HttpMethod.Post, $"services/{service}/actions/setMapping", mapping);

    /// <summary>One generation as the node tells of it.</summary>
    public async Task<JsonNode> GenerationAsync(string generation, string service = "fraud") =>
        (await AdminAsync(HttpMethod.Get, $"services/{service}"))!["generations"]!.AsArray().Single(one => (string?)one!["generation"] == generation)!;
}
