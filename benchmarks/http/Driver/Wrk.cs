using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Peregrine.Benchmarks.Driver;

/// <summary>The load, on the second core: wrk with one thread.</summary>
internal sealed partial class Wrk
{
    private readonly Settings _settings;
    private readonly DemoData _demo;
    private readonly string _script;

    public Wrk(Settings settings, WorkFolder work, DemoData demo)
    {
        _settings = settings;
        _demo = demo;
        _script = work.In("post.lua");
        File.WriteAllText(work.In("body.json"), demo.Body);
        File.WriteAllText(_script, $"""
            wrk.method = "POST"
            wrk.body = io.open("{work.In("body.json")}"):read("*a")
            wrk.headers["Content-Type"] = "application/json"
            wrk.headers["Authorization"] = "Basic {Credentials}"
            """);
    }

    private string Credentials => Convert.ToBase64String(Encoding.UTF8.GetBytes(_demo.Key + ":"));

    /// <summary>One request, whose answer must be one.</summary>
    public async Task CheckAsync(Server server)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Authorization", "Basic " + Credentials);
        using var content = new StringContent(_demo.Body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(server.Url, content);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode || !text.Contains("\"probas\"", StringComparison.Ordinal))
            throw new InvalidOperationException($"The {server.Name} answered {(int)answer.StatusCode}: {text}");
        Console.WriteLine($"{server.Name,-10} {text}");
    }

    public async Task<Measurement> MeasureAsync(Server server, int seconds)
    {
        var before = server.ProcessorTime();
        var start = new ProcessStartInfo(
            "taskset", ["-c", "1", "wrk", "-t1", $"-c{_settings.Connections}", $"-d{seconds}s", "--latency", "-s", _script, server.Url.ToString()]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var wrk = Process.Start(start)!;
        var told = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var used = server.ProcessorTime() - before;
        if (wrk.ExitCode != 0) throw new InvalidOperationException($"wrk ended with {wrk.ExitCode}: {told}");
        var requests = Number(told, Requests());
        return new Measurement(
            Number(told, Rate()), Milliseconds(told, Half()), Milliseconds(told, NinetyNine()), used.TotalMicroseconds / Math.Max(requests, 1),
            (long)(Number(told, NotGood()) + Number(told, SocketErrors())));
    }

    private static double Number(string text, Regex pattern) =>
        pattern.Match(text) is { Success: true } match ? double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) : 0;

    private static double Milliseconds(string text, Regex pattern)
    {
        var match = pattern.Match(text);
        return double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * match.Groups["unit"].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 };
    }

    [GeneratedRegex(@"(?<number>\d+) requests in", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Requests();

    [GeneratedRegex(@"Requests/sec:\s+(?<number>[\d.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rate();

    [GeneratedRegex(@" 50%\s+(?<number>[\d.]+)(?<unit>us|ms|s)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Half();

    [GeneratedRegex(@" 99%\s+(?<number>[\d.]+)(?<unit>us|ms|s)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NinetyNine();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (?<number>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NotGood();

    [GeneratedRegex(@"Socket errors: connect (?<number>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SocketErrors();
}
