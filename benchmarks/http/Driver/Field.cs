using System.Text;
using Peregrine.Benchmarks.Driver.Trials;

namespace Peregrine.Benchmarks.Driver;

/// <summary>The servers of a run, and the rows that they make.</summary>
internal sealed class Field(Settings settings, WorkFolder work, DemoData demo) : IAsyncDisposable
{
    private const int ManyRecords = 1000;

    private readonly List<Server> _servers = [];
    private int _nodes;

    public Contender Yardstick => new(
        "yardstick: minimal API, no scoring", () => StartAsync("yardstick", [settings.Dotnet, Path.Combine(settings.Built, "Yardstick", "Yardstick.dll")], AspNet, _ => []), Shot.Predict(demo));

    /// <summary>The rows that are wanted. Each has a server of its own: what one is asked shapes its compiled code.</summary>
    public IEnumerable<Contender> Rows()
    {
        (string Name, Shot Shot)[] nodes =
        [
            ("API node: predict", Shot.Predict(demo)),
            ("API node: predict, explained", Shot.Explain(demo)),
            ($"API node: predict-multi of {ManyRecords}", Shot.Multi(demo, ManyRecords)),
            ("API node: OIP infer, JSON", InferShots.Json(demo)),
            ("API node: OIP infer, binary", InferShots.Binary(demo)),
            ($"API node: OIP infer, binary of {ManyRecords}", InferShots.Binary(demo, ManyRecords)),
            ("API node: OIP infer, gRPC", InferShots.Grpc(demo)),
        ];
        Contender[] rows =
        [
            .. nodes.Select(node => new Contender(node.Name, () => StartNodeAsync(node.Shot.Http2), node.Shot)),
            new("peer: ML.NET in a minimal API", StartMlNetAsync, Shot.Predict(demo)),
            new("peer: scikit-learn in FastAPI", StartFastApiAsync, Shot.Predict(demo)),
        ];
        return rows.Where(row => Wants(row.Name));
    }

    /// <summary>Starts a row's server and has it answer once.</summary>
    public async Task<Server> StartAsync(Contender row)
    {
        var server = await row.StartAsync();
        if (!row.Shot.Http2) await CheckAsync(row, server);
        return server;
    }

    public async Task StopAsync(Server server)
    {
        _servers.Remove(server);
        await server.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
    }

    /// <summary>The trials that are wanted, each on a node of its own, one after the other.</summary>
    public async Task RunTrialsAsync()
    {
        foreach (var (name, make) in ((string, Func<TrialNode, Trial>)[])
                 [(StreamTrial.Name, node => new StreamTrial(node, settings)), (SwitchTrial.Name, node => new SwitchTrial(node, settings)),
                     (OverloadTrial.Name, node => new OverloadTrial(node, settings)), (SoakTrial.Name, node => new SoakTrial(node, settings)),
                     (StartTrial.Name, node => new StartTrial(node, settings))])
        {
            if (!Wants(name)) continue;
            var adminKey = Guid.NewGuid().ToString("N");
            var server = await StartNodeAsync(http2: false, adminKey);
            using var node = new TrialNode(server, demo, adminKey);
            await make(node).RunAsync();
            await StopAsync(server);
            if (name == StartTrial.Name) await StartTrial.StartAgainAsync(() => LaunchNode(_nodes - 1, adminKey), settings);
        }
    }

    private async Task<Server> StartNodeAsync(bool http2, string? key = null)
    {
        var adminKey = key ?? Guid.NewGuid().ToString("N");
        var grpcPort = Server.FreePort();
        string[] grpc = http2 ? ["--grpc-port", $"{grpcPort}"] : [];
        var node = LaunchNode(_nodes++, adminKey, grpc);
        _servers.Add(node);
        await node.WaitUntilAliveAsync();
        if (http2) node.Http2Url = new Uri($"http://127.0.0.1:{grpcPort}/");
        await demo.DeployAsync(node, adminKey);
        return node;
    }

    private Server LaunchNode(int number, string adminKey, params string[] more) => Server.Launch(
        "API node", [settings.Dotnet, settings.Peregrine, "apinode", "--data-dir", work.In($"node-{number}"), .. more],
        _ => new() { ["PEREGRINE_ADMIN_KEY"] = adminKey }, port => ["--port", $"{port}"]);

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
    private async Task CheckAsync(Contender row, Server server)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Url, row.Shot.Path)) { Content = new ByteArrayContent(row.Shot.Body) };
        request.Headers.Add("Authorization", "Basic " + demo.Credentials);
        request.Content.Headers.Add("Content-Type", row.Shot.ContentType);
        foreach (var (name, value) in row.Shot.Headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await http.SendAsync(request);
        var text = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync());
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{row.Name} answered {(int)answer.StatusCode}: {text}");
        Console.WriteLine($"{row.Name}: {text[..Math.Min(text.Length, 400)]}");
    }
}
