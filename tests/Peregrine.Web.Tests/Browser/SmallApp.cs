using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Peregrine.Designing.Tests.Support;
using Peregrine.FunctionalTests;
using Peregrine.FunctionalTests.Processes;

[assembly: AssemblyFixture(typeof(Peregrine.Web.Tests.Browser.SmallApp))]

namespace Peregrine.Web.Tests.Browser;

/// <summary>The real program with a small model of its own, deployed as endpoint <c>score</c> of service <c>fraud</c> in project <c>P</c>; started by the first test that asks.</summary>
public sealed class SmallApp : IAsyncDisposable
{
    public const string Project = "P";
    public const string Deployment = "fraud-on-dev";

    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly TemporaryFolder _folder = new();
    private RunningServer? _server;

    /// <summary>The key of the service.</summary>
    public string ServiceKey { get; private set; } = "";

    /// <param name="browser">Has the browser; its own server is not started.</param>
    public async Task<Visit> VisitAsync(DemoApp browser, int width, ColorScheme theme) => await browser.VisitAsync(await ServerAsync(), width, theme);

    /// <summary>The page that the API node shows of the service.</summary>
    public async Task<Visit> VisitNodeAsync(DemoApp browser, int width, ColorScheme theme) => await browser.VisitNodeAsync(await ServerAsync(), width, theme);

    /// <summary>Another service with the same model, for a test to change.</summary>
    public async Task AddServiceAsync(string service)
    {
        var server = await ServerAsync();
        var model = JsonNode.Parse(await server.Http.GetStringAsync($"public/api/projects/{Project}/apiservices/fraud/settings"))!["endpoints"]![0]!["modelRef"]!;
        await MakeServiceAsync(server, service, (string)model!, "PUBLIC");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
        _starting.Dispose();
    }

    private async Task<RunningServer> ServerAsync()
    {
        await _starting.WaitAsync();
        try
        {
            return _server ??= await StartAsync();
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<RunningServer> StartAsync()
    {
        var server = await RunningServer.StartAsync(_folder["data"], seconds: 300);
        try
        {
            await File.WriteAllBytesAsync(_folder["pay.csv"], PaymentTable.Csv(800));
            await SendAsync(server, HttpMethod.Post, "projects/", $$"""{"projectKey":"{{Project}}","name":"Payments"}""");
            (await server.RunAsync("dataset", "upload", Project, _folder["pay.csv"], "--name", "pay")).ShouldExit(0);
            var models = JsonNode.Parse((await server.RunAsync("train", Project, "pay", "--target", "is_fraud", "--algorithms", "boosting", "--json")).ShouldExit(0).Output)!.AsArray();
            var id = (string)(models[0]!["fullModelId"] ?? models[0]!["id"])!;
            var saved = (await server.RunAsync("model", "deploy", Project, id, "--name", "fraud")).ShouldExit(0).Output.Trim().Split(' ')[^1];
            await MakeServiceAsync(server, "fraud", saved, "API_KEYS");
            await DeployAsync(server);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task DeployAsync(RunningServer server)
    {
        const string service = $"projects/{Project}/apiservices/fraud";
        ServiceKey = (string)(await SendAsync(server, HttpMethod.Post, $"{service}/keys", """{"label":"tests"}"""))["secret"]!;
        await SendAsync(server, HttpMethod.Post, $"{service}/endpoints/score/test-queries/actions/generate?rows=3");
        await SendAsync(server, HttpMethod.Post, $"{service}/packages/v1");
        await SendAsync(server, HttpMethod.Post, $"{service}/packages/v1/publish");
        (await server.RunAsync("infra", "create", "dev", "--stage", "Development", "--node", server.NodeUrl.AbsoluteUri)).ShouldExit(0);
        (await server.RunAsync("deploy", "fraud", "v1", "--infra", "dev")).ShouldExit(0);
    }

    private static async Task MakeServiceAsync(RunningServer server, string service, string model, string authMethod)
    {
        await SendAsync(server, HttpMethod.Post, $"projects/{Project}/apiservices/{service}");
        await SendAsync(server, HttpMethod.Put, $"projects/{Project}/apiservices/{service}/settings", new JsonObject
        {
            ["authMethod"] = authMethod, ["endpoints"] = new JsonArray(new JsonObject { ["id"] = "score", ["type"] = "STD_PREDICTION", ["modelRef"] = model }),
        }.ToJsonString());
    }

    private static async Task<JsonNode> SendAsync(RunningServer server, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, $"public/api/{path}") { Content = body is null ? null : new StringContent(body) };
        using var answer = await server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {text}");
        return JsonNode.Parse(text)!;
    }
}
