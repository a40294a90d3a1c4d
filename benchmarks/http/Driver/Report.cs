using System.Globalization;

namespace Peregrine.Benchmarks.Driver;

internal static class Report
{
    public static void Line(int number, Pair pair) => Write(
        $"pair {number}: yardstick {pair.Yardstick.Rate,8:F0}/s   API node {pair.Node.Rate,8:F0}/s   ratio {pair.Ratio:F2}   errors {pair.Yardstick.Errors + pair.Node.Errors}");

    public static void Table(Settings settings, IReadOnlyList<Pair> pairs, long yardstickBytes, long nodeBytes)
    {
        Write($"\n{pairs.Count} alternating pairs of {settings.Seconds} s, {settings.Connections} connections, one core for the server and one for wrk; medians.\n");
        Write($"| server | req/s | p50 ms | p99 ms | CPU us/req | memory MB |");
        Write($"|---|---|---|---|---|---|");
        Row("yardstick: minimal API, no scoring", [.. pairs.Select(pair => pair.Yardstick)], yardstickBytes);
        Row("API node: predict of the demo", [.. pairs.Select(pair => pair.Node)], nodeBytes);
        var ratios = pairs.Select(pair => pair.Ratio).Order().ToList();
        Write($"\nratio API node / yardstick: {Median(ratios):F2} (median of pairs; {ratios[0]:F2} to {ratios[^1]:F2}); by processor time per request {Median(pairs.Select(pair => pair.Yardstick.Processor / pair.Node.Processor)):F2}");
    }

    private static void Row(string name, IReadOnlyList<Measurement> runs, long bytes) => Write(
        $"| {name} | {Median(runs.Select(run => run.Rate)):F0} | {Median(runs.Select(run => run.P50)):F2} | {Median(runs.Select(run => run.P99)):F2} | {Median(runs.Select(run => run.Processor)):F1} | {bytes / 1e6:F0} |");

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
    }

    private static void Write(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
