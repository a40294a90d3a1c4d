using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Hosting;
using Peregrine.Hosting.Authentication;

namespace Peregrine.Designing.Tests.Support;

/// <summary>A Design node on a real port of its own with an empty directory, unless one is given.</summary>
internal sealed class DesignNode : IAsyncDisposable
{
    public const string Key = "design-test-key-0123456789";
    private readonly WebApplication _app;
    private readonly bool _ownsDirectory;

    private DesignNode(WebApplication app, string directory, bool ownsDirectory)
    {
        _app = app;
        Directory = directory;
        _ownsDirectory = ownsDirectory;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient { BaseAddress = Address };
        Client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Key}:")));
    }

    public string Directory { get; }

    public Uri Address { get; }

    /// <summary>Sends the key as Basic user name, like the public client.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<DesignNode> StartAsync(string? directory = null, Action<DesigningOptions>? configure = null)
    {
        var folder = directory ?? System.IO.Directory.CreateTempSubdirectory("peregrine-design-").FullName;
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.AddNodeDefaults(node => node.DrainDelay = TimeSpan.Zero);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddApiKeyAuthentication(_ => new OneKey(Key));
        builder.Services.AddDesigning(options =>
        {
            options.DataDirectory = Path.Combine(folder, "design");
            options.BlobDirectory = Path.Combine(folder, "blobs");
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.UseNodeDefaults();
        app.MapDesigning();
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new DesignNode(app, folder, directory is null);
    }

    /// <summary>Sends exactly these bytes; no Content-Type unless one is given.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, string? contentType = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address.GetLeftPart(UriPartial.Authority) + path));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        }

        return await Client.SendAsync(request);
    }

    /// <summary>The JSON of a call that must succeed.</summary>
    public async Task<JsonNode?> JsonAsync(HttpMethod method, string path, string? body = null)
    {
        using var response = await SendAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBeLessThan(400, $"{method} {path}: {text}");
        return JsonNode.Parse(text);
    }

    public async Task<JsonObject> GetAsync(string path) => (JsonObject)(await JsonAsync(HttpMethod.Get, path))!;

    public async Task<JsonArray> ListAsync(string path) => (JsonArray)(await JsonAsync(HttpMethod.Get, path))!;

    public async Task<JsonObject> PostAsync(string path, string? body = null) => (JsonObject)(await JsonAsync(HttpMethod.Post, path, body))!;

    public async Task<JsonObject> PutAsync(string path, JsonNode body) => (JsonObject)(await JsonAsync(HttpMethod.Put, path, body.ToJsonString()))!;

    /// <summary>The error document of a call that must fail with a status.</summary>
    public async Task<JsonObject> RefusedAsync(int status, HttpMethod method, string path, string? body = null)
    {
        using var response = await SendAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        return JsonNode.Parse(text).ShouldBeOfType<JsonObject>();
    }

    /// <summary>Uploads as the public client does: one part <c>file</c> without a Content-Type.</summary>
    public async Task<HttpResponseMessage> UploadAsync(string project, string dataset, string fileName, byte[] content)
    {
        using var form = new MultipartFormDataContent("7d1c0e5bd4a94c6ca2b5");
        form.Add(new ByteArrayContent(content), "file", fileName);
        return await Client.PostAsync($"/dip/publicapi/projects/{project}/datasets/{dataset}/uploaded/files", form);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownsDirectory) System.IO.Directory.Delete(Directory, recursive: true);
    }
}
