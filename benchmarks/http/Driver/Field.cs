using System.Text;
using Peregrine.Benchmarks.Driver.Trials;

namespace Peregrine.Benchmarks.Driver;

/// <summary>The servers that run beside each other, and the rows that they make.</summary>
internal sealed class Field(Settings settings, WorkFolder work, DemoData demo) : IAsyncDisposable
{
    private const int ManyRecords = 1000;

    private readonly List<Server> _servers = [];
    private int _nodes;

    public async Task<IReadOnlyList<Contender>> StartAsync()
    {
        var yardstick = await StartAsync("yardstick", [settings.Dotnet, Path.Combine(settings.Built, "Yardstick", "Yardstick.dll")], AspNet, _ => []);
        var contenders = new List<Contender> { new("yardstick: minimal API, no scoring", yardstick, Shot.Predict(demo)) };
        await AddNodesAsync(contenders);
        if (Wants("ML.NET")) contenders.Add(new Contender("peer: ML.NET in a minimal API", await StartMlNetAsync(), Shot.Predict(demo)));
        if (Wants("FastAPI")) contenders.Add(new Contender("peer: scikit-learn in FastAPI", await StartFastApiAsync(), Shot.Predict(demo)));
        foreach (var contender in contenders.Where(contender => !contender.Shot.Http2)) await CheckAsync(contender);
        return contenders;
    }

    /// <summary>Whether a server answered wrongly or not at all.</summary>
    public bool HadErrors { get; private set; }

    /// <summary>The trials that follow have the core for themselves.</summary>
    public async Task StopAsync(bool hadErrors)
    {
        HadErrors = hadErrors;
        await DisposeAsync();
        _servers.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
    }

    /// <summary>A node of its own for each row: what one is asked shapes its compiled code.</summary>
    private async Task AddNodesAsync(List<Contender> contenders)
    {
        (string Name, Shot Shot)[] rows =
        [
            ("API node: predict", Shot.Predict(demo)),
            ("API node: predict, explained", Shot.Explain(demo)),
            ($"API node: predict-multi of {ManyRecords}", Shot.Multi(demo, ManyRecords)),
            ("API node: OIP infer, JSON", InferShots.Json(demo)),
            ("API node: OIP infer, binary", InferShots.Binary(demo)),
            ("API node: OIP infer, gRPC", InferShots.Grpc(demo)),
        ];
        foreach (var (name, shot) in rows.Where(row => Wants(row.Name))) contenders.Add(new Contender(name, await StartNodeAsync(shot.Http2), shot));
    }

    /// <summary>The trials that are wanted, each on a node of its own, one after the other.</summary>
    public async Task RunTrialsAsync()
    {
        foreach (var (name, make) in ((string, Func<TrialNode, Trial>)[])
                 [(SwitchTrial.Name, node => new SwitchTrial(node, settings)), (OverloadTrial.Name, node => new OverloadTrial(node, settings)), (SoakTrial.Name, node => new SoakTrial(node, settings))])
        {
            if (!Wants(name)) continue;
            var adminKey = Guid.NewGuid().ToString("N");
            var server = await StartNodeAsync(http2: false, adminKey);
            using var node = new TrialNode(server, demo, adminKey);
            await make(node).RunAsync();
            _servers.Remove(server);
            await server.DisposeAsync();
        }
    }

    private async Task<Server> StartNodeAsync(bool http2, string? key = null)
    {
        var adminKey = key ?? Guid.NewGuid().ToString("N");
        var grpcPort = Server.FreePort();
        string[] grpc = http2 ? ["--grpc-port", $"{grpcPort}"] : [];
        var node = await StartAsync(
            "API node", [settings.Dotnet, settings.Peregrine, "apinode", "--data-dir", work.In($"node-{_nodes++}"), .. grpc],
            _ => new() { ["PEREGRINE_ADMIN_KEY"] = adminKey }, port => ["--port", $"{port}"]);
        if (http2) node.Http2Url = new Uri($"http://127.0.0.1:{grpcPort}/");
        await demo.DeployAsync(node, adminKey);
        return node;
    }

    private bool Wants(string name) => settings.Only.Count == 0 || settings.Only.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    private async Task<Server> StartAsync(string name, string[] command, Func<int, Dictionary<string, string>> environment, Func<int, string[]> more)
    {
        var server = await Server.StartAsync(name, command, environment, more);
        _servers.Add(server);
        return server;
    }

    private Task<Server> StartMlNetAsync() =>
        StartAsync("ML.NET", [settings.Dotnet, Path.Combine(settings.Built, "MlNet", "MlNet.dll"), demo.Table, work.Path], AspNet, _ => []);

    private Task<Server> StartFastApiAsync() => StartAsync(
        "FastAPI", ["/usr/bin/python3", "-m", "uvicorn", "--app-dir", settings.FastApi, "service:app", "--no-access-log", "--log-level", "warning"],
        _ => new() { ["PAYMENTS"] = demo.Table }, port => ["--port", $"{port}"]);

    private static Dictionary<string, string> AspNet(int port) => new() { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}" };

    /// <summary>One request, whose answer must be one.</summary>
    private async Task CheckAsync(Contender contender)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(contender.Server.Url, contender.Shot.Path)) { Content = new ByteArrayContent(contender.Shot.Body) };
        request.Headers.Add("Authorization", "Basic " + demo.Credentials);
        request.Content.Headers.Add("Content-Type", contender.Shot.ContentType);
        foreach (var (name, value) in contender.Shot.Headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await http.SendAsync(request);
        var text = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync());
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{contender.Name} answered {(int)answer.StatusCode}: {text}");
        Console.WriteLine($"{contender.Name}: {text[..Math.Min(text.Length, 400)]}");
    }
}
