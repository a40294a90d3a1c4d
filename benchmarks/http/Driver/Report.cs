using System.Globalization;

namespace Peregrine.Benchmarks.Driver;

internal static class Report
{
    public static void Table(Settings settings, IReadOnlyList<Contender> contenders)
    {
        Write($"\n{settings.Pairs} rounds of {settings.Seconds} s each, alternating, {settings.Connections} connections, one core for the server and one for the load; medians. Ratio: to the yardstick of the same round.\n");
        Write($"| server | req/s | records/s | p50 ms | p99 ms | CPU us/req | memory MB | ratio | by CPU |");
        Write($"|---|---|---|---|---|---|---|---|---|");
        foreach (var contender in contenders) Row(contender, contenders[0]);
    }

    public static void Round(int number, IReadOnlyList<Contender> contenders)
    {
        Write($"round {number}");
        foreach (var contender in contenders) Write($"  {contender.Name,-34} {contender.Runs[^1].Rate,9:F0}/s   errors {contender.Runs[^1].Errors}");
    }

    private static void Row(Contender contender, Contender yardstick)
    {
        var runs = contender.Runs;
        var ratios = runs.Zip(yardstick.Runs, (own, other) => own.Rate / other.Rate).Order().ToList();
        Write(
            $"| {contender.Name} | {Median(runs.Select(run => run.Rate)):F0} | {Median(runs.Select(run => run.Rate)) * contender.Shot.Records:F0} | {Median(runs.Select(run => run.P50)):F2} | {Median(runs.Select(run => run.P99)):F2} | {Median(runs.Select(run => run.Processor)):F1} | {contender.Server.ResidentBytes() / 1e6:F0} | {Median(ratios):F2} ({ratios[0]:F2} to {ratios[^1]:F2}) | {Median(runs.Zip(yardstick.Runs, (own, other) => other.Processor / own.Processor)):F2} |");
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
    }

    private static void Write(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
