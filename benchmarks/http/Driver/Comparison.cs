namespace Peregrine.Benchmarks.Driver;

/// <summary>Measures each row against the yardstick, with no other server alive: the two take turns on the first core.</summary>
internal sealed class Comparison(Settings settings, Field field, Wrk wrk, H2Load h2load)
{
    /// <returns>Whether a server answered wrongly or not at all.</returns>
    public async Task<bool> RunAsync()
    {
        var yardstick = field.Yardstick;
        var server = await field.StartAsync(yardstick);
        await MeasureAsync(yardstick, server, settings.WarmUpSeconds);
        var rows = new List<Contender>();
        foreach (var row in field.Rows())
        {
            Console.WriteLine($"{row.Name}: warming up for {settings.WarmUpSeconds} s, then {settings.Pairs} pairs of {settings.Seconds} s");
            await CompareAsync(row, yardstick, server);
            rows.Add(row);
        }

        await field.StopAsync(server);
        Report.Table(settings, rows);
        return rows.Exists(row => row.Runs.Concat(row.Yardstick).Any(run => run.Errors > 0));
    }

    private async Task CompareAsync(Contender row, Contender yardstick, Server other)
    {
        var server = await field.StartAsync(row);
        await MeasureAsync(row, server, settings.WarmUpSeconds);
        for (var pair = 0; pair < settings.Pairs; pair++)
        {
            // Alternating order, so that none always meets a machine that the other has just heated.
            if (pair % 2 == 0) row.Yardstick.Add(await MeasureAsync(yardstick, other, settings.Seconds));
            row.Runs.Add(await MeasureAsync(row, server, settings.Seconds));
            if (pair % 2 == 1) row.Yardstick.Add(await MeasureAsync(yardstick, other, settings.Seconds));
            Report.Pair(pair + 1, row);
        }

        row.Memory = server.ResidentBytes();
        await field.StopAsync(server);
    }

    private Task<Measurement> MeasureAsync(Contender contender, Server server, int seconds) =>
        (contender.Shot.Http2 ? (ILoad)h2load : wrk).MeasureAsync(contender, server, seconds);
}
