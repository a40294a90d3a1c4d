using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Peregrine.Benchmarks.Driver;

/// <summary>One of the servers, on the first core.</summary>
internal sealed class Server : IAsyncDisposable
{
    private const double TicksPerSecond = 100; // USER_HZ

    /// <summary>Where the driver's sockets answer.</summary>
    public const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>How much the driver allocates between collections.</summary>
    private const string CollectionBudget = "DOTNET_GCgen0size";

    private readonly Process _process;

    private Server(string name, Process process, int port)
    {
        Name = name;
        _process = process;
        Url = new Uri($"http://127.0.0.1:{port}/");
    }

    public string Name { get; }

    public Uri Url { get; }

    /// <summary>Where it speaks HTTP/2 without TLS; the same as <see cref="Url"/> unless told otherwise.</summary>
    public Uri Http2Url { get => field ?? Url; set; }

    public static async Task<Server> StartAsync(
        string name, string[] command, Func<int, Dictionary<string, string>> environment, Func<int, string[]> more)
    {
        var server = Launch(name, command, environment, more);
        await server.WaitUntilAliveAsync();
        return server;
    }

    /// <summary>Starts it and does not wait for it.</summary>
    public static Server Launch(string name, string[] command, Func<int, Dictionary<string, string>> environment, Func<int, string[]> more)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("taskset", ["-c", "0", .. command, .. more(port)]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var own in (string[])[InlineCompletions, CollectionBudget]) start.Environment.Remove(own);
        foreach (var (variable, value) in environment(port)) start.Environment[variable] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Tell(name, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new Server(name, process, port);
    }

    public long ResidentBytes()
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Files, sockets and the like that it holds open.</summary>
    public int OpenFiles() => Directory.GetFiles($"/proc/{_process.Id}/fd").Length;

    /// <summary>Processor time used so far.</summary>
    public TimeSpan ProcessorTime()
    {
        var fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(") ")[^1].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    public async ValueTask DisposeAsync()
    {
        using var term = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await term.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public async Task WaitUntilAliveAsync()
    {
        using var http = new HttpClient();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(180));
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"The {Name} ended with {_process.ExitCode} before it answered.");
            try
            {
                using var answer = await http.GetAsync(new Uri(Url, "/livez"), deadline.Token);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100, deadline.Token);
        }
    }

    private static void Tell(string name, string? line)
    {
        if (line?.Contains("rror", StringComparison.Ordinal) == true) Console.Error.WriteLine($"{name}: {line}");
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
