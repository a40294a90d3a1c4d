using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Peregrine.Benchmarks.Driver;

/// <summary>HTTP/2 without TLS by h2load with one thread; several requests are under way on each connection.</summary>
internal sealed partial class H2Load(Settings settings, WorkFolder work, DemoData demo) : ILoad
{
    private const int Streams = 8;

    public async Task<Measurement> MeasureAsync(Contender contender, Server server, int seconds)
    {
        var body = work.In("h2load.body");
        await File.WriteAllBytesAsync(body, contender.Shot.Body);
        var log = work.In("h2load.log");
        File.Delete(log);
        var before = server.ProcessorTime();
        List<string> arguments =
        [
            "-c", "1", "h2load", "-t1", $"-c{Math.Max(settings.Connections / Streams, 1)}", $"-m{Streams}", "-D", $"{seconds}", "-d", body, "-H", $"content-type: {contender.Shot.ContentType}",
            "-H", $"authorization: Basic {demo.Credentials}", $"--log-file={log}",
        ];
        foreach (var (name, value) in contender.Shot.Headers) arguments.AddRange(["-H", $"{name}: {value}"]);
        arguments.Add(new Uri(server.Http2Url, contender.Shot.Path).ToString());
        using var h2load = Process.Start(new ProcessStartInfo("taskset", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var told = await h2load.StandardOutput.ReadToEndAsync();
        await h2load.WaitForExitAsync();
        var used = server.ProcessorTime() - before;
        if (h2load.ExitCode != 0) throw new InvalidOperationException($"h2load ended with {h2load.ExitCode}: {told}");
        var good = Number(told, Good());
        var times = TimesOf(log);
        return new Measurement(Number(told, Rate()), At(times, 0.5), At(times, 0.99), used.TotalMicroseconds / Math.Max(good, 1), (long)Number(told, Failed()));
    }

    /// <summary>Milliseconds of each request, ascending: the third column of h2load's log has microseconds.</summary>
    private static List<double> TimesOf(string log) =>
        [.. File.ReadLines(log).Select(line => double.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture) / 1000).Order()];

    private static double At(List<double> sorted, double share) => sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];

    private static double Number(string text, Regex pattern) => double.Parse(pattern.Match(text).Groups["number"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<number>[\d.]+) req/s", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"status codes: (?<number>\d+) 2xx", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Good();

    [GeneratedRegex(@"(?<number>\d+) failed", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Failed();
}
