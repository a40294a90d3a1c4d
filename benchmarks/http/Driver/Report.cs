using System.Globalization;

namespace Peregrine.Benchmarks.Driver;

internal static class Report
{
    public static void Table(Settings settings, IReadOnlyList<Contender> rows)
    {
        Write($"\n{settings.Pairs} pairs of {settings.Seconds} s each, alternating, {settings.Connections} connections, one core for the server and one for the load; medians. Ratios: to the yardstick of the same pair.\n");
        Write($"| server | req/s | records/s | p50 ms | p99 ms | CPU us/req | memory MB | ratio | by CPU | p99, yardstick's |");
        Write($"|---|---|---|---|---|---|---|---|---|---|");
        var all = rows.SelectMany(row => row.Yardstick).ToList();
        if (all.Count > 0)
            Write($"| yardstick: minimal API, no scoring | {Median(all.Select(run => run.Rate)):F0} | {Median(all.Select(run => run.Rate)):F0} | {Median(all.Select(run => run.P50)):F2} | {Median(all.Select(run => run.P99)):F2} | {Median(all.Select(run => run.Processor)):F1} | | 1 | 1 | |");
        foreach (var row in rows) Row(row);
    }

    public static void Pair(int number, Contender row) => Write(
        $"  pair {number}: {row.Runs[^1].Rate,9:F0}/s, p99 {row.Runs[^1].P99:F2} ms, {row.Runs[^1].Processor:F1} us; yardstick {row.Yardstick[^1].Rate,9:F0}/s, p99 {row.Yardstick[^1].P99:F2} ms, {row.Yardstick[^1].Processor:F1} us; ratio {row.Runs[^1].Rate / row.Yardstick[^1].Rate:F2}, errors {row.Runs[^1].Errors}");

    private static void Row(Contender row)
    {
        var runs = row.Runs;
        var ratios = runs.Zip(row.Yardstick, (own, other) => own.Rate / other.Rate).Order().ToList();
        Write(
            $"| {row.Name} | {Median(runs.Select(run => run.Rate)):F0} | {Median(runs.Select(run => run.Rate)) * row.Shot.Records:F0} | {Median(runs.Select(run => run.P50)):F2} | {Median(runs.Select(run => run.P99)):F2} | {Median(runs.Select(run => run.Processor)):F1} | {row.Memory / 1e6:F0} | {Median(ratios):F2} ({ratios[0]:F2} to {ratios[^1]:F2}) | {Median(runs.Zip(row.Yardstick, (own, other) => other.Processor / own.Processor)):F2} | {Median(row.Yardstick.Select(run => run.P99)):F2} |");
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
    }

    private static void Write(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
