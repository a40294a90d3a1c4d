using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Deploying.Tests.Nodes;
using Peregrine.Hosting;
using Peregrine.Hosting.Authentication;
using Peregrine.Serving.Tests;

namespace Peregrine.Deploying.Tests;

/// <summary>A Deployer over HTTP on a free loopback port, and the calls of the public client in their wire form.</summary>
internal sealed class Deployer : IAsyncDisposable
{
    public const string Key = "deployer-admin-key";
    public const string Base = "/dip/publicapi/api-deployer";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly WebApplication _app;
    private readonly bool _ownsFolder;

    private Deployer(WebApplication app, string folder, bool ownsFolder)
    {
        _app = app;
        Folder = folder;
        _ownsFolder = ownsFolder;
        Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Http = new HttpClient { BaseAddress = new Uri(Url) };
        Http.DefaultRequestHeaders.Authorization = Basic(Key);
    }

    public string Url { get; }

    public string Folder { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="folder">Of an earlier Deployer, to go on with what it left.</param>
    public static async Task<Deployer> StartAsync(Action<DeployingOptions>? configure = null, string? folder = null)
    {
        var here = folder ?? Directory.CreateTempSubdirectory("peregrine-deployer-").FullName;
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddNodeDefaults(node => node.DrainDelay = TimeSpan.Zero);
        var keys = AdminKeyStore.Open(Path.Combine(here, "keys.json"), TimeProvider.System);
        await keys.SetPresetAsync(Key, "ci", CancellationToken.None);
        builder.Services.AddApiKeyAuthentication(keys);
        builder.Services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(here, "protection"))).SetApplicationName("Peregrine");
        builder.Services.AddDeploying(options =>
        {
            options.DataDirectory = Path.Combine(here, "deployer");
            options.BlobDirectory = Path.Combine(here, "blobs");
            options.ConnectionString = TestDatabase.Of(here);
            options.ReconcileInterval = TimeSpan.FromHours(1); // tests that want the loop ask for it
            options.MaxRepairPause = TimeSpan.FromHours(1);
            options.NodeTimeout = TimeSpan.FromSeconds(5);
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.UseNodeDefaults();
        app.MapDeploying();
        await app.StartAsync();
        return new Deployer(app, here, ownsFolder: folder is null);
    }

    public async Task StopAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_ownsFolder) Directory.Delete(Folder, recursive: true);
    }

    public static AuthenticationHeaderValue Basic(string user) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:")));

    /// <summary>A call as the public client makes it: JSON text without a Content-Type.</summary>
    public async Task<Reply> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url + path));
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var response = await Http.SendAsync(request);
        return new Reply(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ETag?.ToString());
    }

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, Base + path);

    public Task<Reply> PostAsync(string path, string? body = null) => SendAsync(HttpMethod.Post, Base + path, body);

    public Task<Reply> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, Base + path, body);

    public Task<Reply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, Base + path);

    public async Task<Reply> ImportAsync(byte[] package, string service = "fraud")
    {
        using var form = new MultipartFormDataContent("boundary-of-the-client");
        form.Add(new ByteArrayContent(package), "file", "/tmp/tmpab12/file");
        using var response = await Http.PostAsync(new Uri($"{Url}{Base}/services/{service}/versions"), form);
        return new Reply(response.StatusCode, await response.Content.ReadAsStringAsync(), null);
    }

    /// <summary>Infrastructure <c>dev</c> in stage Development with these nodes.</summary>
    public async Task AddInfraAsync(params ApiNode[] nodes)
    {
        (await PostAsync("/infras", """{"id":"dev","stage":"Development","type":"STATIC","governCheckPolicy":"NO_CHECK"}""")).ShouldSucceed();
        await SetNodesAsync(nodes);
    }

    public async Task SetNodesAsync(params ApiNode[] nodes)
    {
        var settings = (await GetAsync("/infras/dev/settings")).ShouldSucceed().Json;
        settings["apiNodes"] = new JsonArray([.. nodes.Select(node => new JsonObject { ["url"] = node.Url, ["adminAPIKey"] = ApiNode.AdminKey })]);
        (await PutAsync("/infras/dev/settings", settings.ToJsonString())).ShouldSucceed();
    }

    /// <summary>Service <c>fraud</c> with the given versions; each answers differently.</summary>
    public async Task AddServiceAsync(params string[] versions)
    {
        (await PostAsync("/services", """{"publishedServiceId":"fraud"}""")).ShouldSucceed();
        foreach (var version in versions) (await ImportAsync(PackageOf(version))).ShouldSucceed();
    }

    public static byte[] PackageOf(string version) =>
        new TestPackage { Version = version, Model = TestModels.Binary(bias: version.Sum(letter => letter) / 1000.0) }.Write();

    public async Task AddDeploymentAsync(string version = "v1", string id = "d1") => (await PostAsync("/deployments?ignoreWarnings=False",
        $$"""{"deploymentId":"{{id}}","publishedServiceId":"fraud","infraId":"dev","version":"{{version}}","endpointId":null,"authorizationsToQueryThroughDeployer":null}""")).ShouldSucceed();

    /// <summary>Everything up to a healthy deployment <c>d1</c> of version v1.</summary>
    public async Task DeployAsync(params ApiNode[] nodes)
    {
        await AddInfraAsync(nodes);
        await AddServiceAsync("v1", "v2");
        await AddDeploymentAsync();
        (await UpdateAsync()).Text("result", "status").ShouldBe("DONE");
    }

    public async Task SetVersionAsync(string version, string id = "d1")
    {
        var settings = (await GetAsync($"/deployments/{id}/settings")).ShouldSucceed().Json;
        settings["generationsMapping"] = new JsonObject { ["mode"] = "SINGLE_GENERATION", ["generation"] = version };
        (await PutAsync($"/deployments/{id}/settings?ignoreWarnings=False", settings.ToJsonString())).ShouldSucceed();
    }

    /// <summary>Changes the settings as the public client does: the whole object that was read, with other members in it.</summary>
    /// <param name="members">As <c>{"shadows":[…]}</c>; a null member is taken out.</param>
    public async Task<Reply> ChangeSettingsAsync(string members, string id = "d1")
    {
        var settings = (await GetAsync($"/deployments/{id}/settings")).ShouldSucceed().Json.AsObject();
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject())
        {
            settings.Remove(name);
            if (value is not null) settings[name] = value.DeepClone();
        }

        return await PutAsync($"/deployments/{id}/settings?ignoreWarnings=False", settings.ToJsonString());
    }

    /// <summary>Starts an update and polls its future to the end.</summary>
    public async Task<Reply> UpdateAsync(string id = "d1", string action = "update")
    {
        var started = (await PostAsync($"/deployments/{id}/actions/{action}")).ShouldSucceed();
        return await FutureAsync(started.Text("jobId")!);
    }

    public Task<Reply> FutureAsync(string jobId) => EventuallyAsync(
        () => SendAsync(HttpMethod.Get, $"/dip/publicapi/futures/{jobId}?peek=False"), reply => reply.Status != HttpStatusCode.OK || (bool)reply.Json["hasResult"]!);

    public async Task<Reply> StatusAsync(string id = "d1") => (await GetAsync($"/deployments/{id}/status")).ShouldSucceed();

    public Task<Reply> HealthAsync(string health, string id = "d1") => EventuallyAsync(() => StatusAsync(id), reply => reply.Text("health") == health);

    /// <summary>Asks again until the answer is as expected; fails with the last answer.</summary>
    public static async Task<Reply> EventuallyAsync(Func<Task<Reply>> ask, Func<Reply, bool> expected)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            var reply = await ask();
            if (expected(reply)) return reply;
            deadline.IsCancellationRequested.ShouldBeFalse($"still: {reply.Status} {reply.Body}");
            await Task.Delay(25);
        }
    }

    /// <summary>Queries a node as a caller does; the generation that answered.</summary>
    public async Task<string?> GenerationOnAsync(ApiNode node, string service = "fraud")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes($$"""{"features":{{TestPackage.GoodFeatures}}}"""));
        using var client = new HttpClient();
        using var response = await client.PostAsync(new Uri($"{node.Url}/public/api/v1/{service}/score/predict"), content);
        if (!response.IsSuccessStatusCode) return null;
        return (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["apiContext"]!["serviceGeneration"];
    }
}
