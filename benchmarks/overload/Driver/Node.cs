using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Peregrine.Benchmarks.Overload;

/// <summary>An API node on the first core, with the demo's service.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly Process _process;

    private Node(string name, Process process, int port)
    {
        Name = name;
        Port = port;
        _process = process;
    }

    public string Name { get; }

    public int Port { get; }

    /// <param name="options">Settings of the node, as environment variables.</param>
    public static async Task<Node> StartAsync(Settings settings, string name, string work, DemoData demo, params (string Name, string Value)[] options)
    {
        var port = FreePort();
        var adminKey = Guid.NewGuid().ToString("N");
        string[] arguments = ["-c", "0", settings.Dotnet, settings.Peregrine, "apinode", "--data-dir", Path.Combine(work, name.Replace(' ', '-')), "--port", $"{port}"];
        var start = new ProcessStartInfo("taskset", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["PEREGRINE_ADMIN_KEY"] = adminKey;
        foreach (var (variable, value) in options) start.Environment[variable] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Tell(name, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var node = new Node(name, process, port);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + adminKey);
        await node.WaitUntilAliveAsync(http);
        await AskAsync(http, "services", new StringContent($"{{\"serviceId\":\"{DemoData.Service}\"}}"));
        await AskAsync(http, $"services/{DemoData.Service}/generations", new ByteArrayContent(demo.Package));
        await AskAsync(http, $"services/{DemoData.Service}/actions/switchToNewest", new ByteArrayContent([]));
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        using var term = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await term.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitUntilAliveAsync(HttpClient http)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"The {Name} ended with {_process.ExitCode} before it answered.");
            try
            {
                using var answer = await http.GetAsync(new Uri("livez", UriKind.Relative), deadline.Token);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100, deadline.Token);
        }
    }

    private static async Task AskAsync(HttpClient http, string path, HttpContent content)
    {
        using var answer = await http.PostAsync(new Uri("admin/api/" + path, UriKind.Relative), content);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The node refused {path}: {await answer.Content.ReadAsStringAsync()}");
    }

    private static void Tell(string name, string? line)
    {
        if (line?.Contains("rror", StringComparison.Ordinal) == true) Console.Error.WriteLine($"{name}: {line}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
