using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Peregrine.Benchmarks.Driver;

/// <summary>HTTP/1.1 by wrk with one thread.</summary>
internal sealed partial class Wrk(Settings settings, WorkFolder work, DemoData demo) : ILoad
{
    public async Task<Measurement> MeasureAsync(Contender contender, Server server, int seconds)
    {
        var before = server.ProcessorTime();
        var start = new ProcessStartInfo(
            "taskset",
            ["-c", "1", "wrk", "-t1", $"-c{ConnectionsFor(contender.Shot)}", $"-d{seconds}s", "--latency", "-s", ScriptOf(contender), new Uri(server.Url, contender.Shot.Path).ToString()])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        };
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

    /// <summary>Bulk requests wait for a scoring thread; more callers than may wait would be refused.</summary>
    private int ConnectionsFor(Shot shot) => shot.Records == 1 ? settings.Connections : Math.Min(settings.Connections, 4);

    private string ScriptOf(Contender contender)
    {
        var name = contender.Name.Replace(' ', '-').Replace(':', '-').Replace(',', '-').Replace('/', '-');
        var body = work.In(name + ".body");
        File.WriteAllBytes(body, contender.Shot.Body);
        var headers = new Dictionary<string, string>(contender.Shot.Headers, StringComparer.Ordinal)
        {
            ["Content-Type"] = contender.Shot.ContentType, ["Authorization"] = "Basic " + demo.Credentials,
        };
        var script = work.In(name + ".lua");
        File.WriteAllText(script, $"""
            wrk.method = "POST"
            wrk.body = io.open("{body}", "rb"):read("*a")
            {string.Join('\n', headers.Select(header => $"wrk.headers[\"{header.Key}\"] = \"{header.Value}\""))}
            """);
        return script;
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
