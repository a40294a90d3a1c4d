namespace Peregrine.Benchmarks.Driver.Trials;

/// <summary>Switches one after the other at half capacity.</summary>
internal sealed class SwitchTrial(TrialNode node, Settings settings) : Trial(node, settings)
{
    public const string Name = "switches";
    private const int Rows = 20;

    /// <summary>As many are made before: code that was called 30 times is compiled anew, once in the life of a process.</summary>
    private const int CompilingSwitches = 60;

    private const string Paused = "dotnet_gc_pause_time_seconds_total";

    public override async Task RunAsync()
    {
        await Node.PrepareAsync();
        using var load = await Node.ConnectAsync(Rows, Settings.Connections);
        var rate = await CapacityAsync(load) / 2;
        await SwitchAsync(CompilingSwitches, 0, pause: 0);
        await load.OfferAsync(0, (rate, Settings.Seconds)); // the same load, not counted: until its code is compiled it lags behind
        Say($"{Name}: at {rate:F0} requests of {Rows} records/s");
        await RoundAsync("the process's first", load, rate);
        await RoundAsync("the next", load, rate);
    }

    private async Task RoundAsync(string which, Load load, double rate)
    {
        var before = await SecondsAsync(load, rate, seconds => seconds < Settings.Seconds);
        var memory = Node.Server.ResidentBytes();
        var paused = await Node.MetricAsync(Paused);
        using var done = new CancellationTokenSource();
        var switching = Task.Run(async () =>
        {
            try
            {
                return await SwitchAsync(Settings.Switches, 0, Settings.SwitchPause);
            }
            finally
            {
                await done.CancelAsync();
            }
        });
        var during = await SecondsAsync(load, rate, _ => !done.IsCancellationRequested);
        var seconds = await switching;
        paused = await Node.MetricAsync(Paused) - paused;
        var after = await SecondsAsync(load, rate, seconds => seconds < Settings.Seconds);
        Say($"  {which} {Settings.Switches} in {seconds:F1} s: {during.Sum(Failed)} of {during.Sum(phase => phase.Outcomes.Count)} failed");
        Say($"    p99 of a second, median: before {Median(before):F1} ms, during {Median(during):F1} ms, after {Median(after):F1} ms; during / before {Median(during) / Median(before):F1}, / before and after {Median(during) / Median([.. before, .. after]):F1}");
        Say($"    p99 of all: before {All(before).AnsweredWithin(0.99):F1} ms, during {All(during).AnsweredWithin(0.99):F1} ms, after {All(after).AnsweredWithin(0.99):F1} ms");
        Say($"    p50 before {All(before).AnsweredWithin(0.5):F2} ms, during {All(during).AnsweredWithin(0.5):F2} ms; collections stood in the way for {paused * 1000:F0} ms in all; the driver slept for {All(before).SleptShare:P1} and {All(during).SleptShare:P1} of the time");
        Say($"    memory before {Megabytes(memory):F0} MB, after {Megabytes(Node.Server.ResidentBytes()):F0} MB");
    }

    /// <summary>Offers the load second by second as long as asked.</summary>
    private static async Task<List<Phase>> SecondsAsync(Load load, double rate, Func<int, bool> goesOn)
    {
        var seconds = new List<Phase>();
        while (goesOn(seconds.Count)) seconds.Add((await load.OfferAsync(seconds.Count, (rate, 1)))[0]);
        return seconds;
    }

    private static Phase All(List<Phase> phases) => new(phases[0].Rate, phases[0].From, phases[^1].To, phases.Sum(phase => phase.Slept), [.. phases.SelectMany(phase => phase.Outcomes)]);

    /// <summary>What a second's slowest hundredth waited, in milliseconds: a moment in which something else had the core counts for one second.</summary>
    private static double Median(List<Phase> phases) => phases.Select(phase => phase.AnsweredWithin(0.99)).Order().ElementAt(phases.Count / 2);

    private async Task<double> SwitchAsync(int count, int first, int pause)
    {
        var from = System.Diagnostics.Stopwatch.GetTimestamp();
        for (var i = first; i < first + count; i++)
        {
            await Node.SwitchAsync(i);
            await Task.Delay(pause);
        }

        return Elapsed(from);
    }
}
