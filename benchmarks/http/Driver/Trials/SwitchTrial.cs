namespace Peregrine.Benchmarks.Driver.Trials;

/// <summary>Switches one after the other at half capacity, part by part in turn with the same load alone: what else the machine is busy with changes from minute to minute.</summary>
internal sealed class SwitchTrial(TrialNode node, Settings settings) : Trial(node, settings)
{
    public const string Name = "switches";
    private const int Rows = 20;

    /// <summary>As many are made before: code that was called 30 times is compiled anew, once in the life of a process.</summary>
    private const int CompilingSwitches = 60;

    private const int Parts = 10;

    /// <summary>How long the load is alone before each part.</summary>
    private const double QuietSeconds = 2;

    /// <summary>The load beside switches is offered in pieces, so that it ends with them.</summary>
    private const double PieceSeconds = 0.2;

    private const string Paused = "dotnet_gc_pause_time_seconds_total";

    private int PerPart => Math.Max(1, Settings.Switches / Parts);

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
        var memory = Node.Server.ResidentBytes();
        var paused = await Node.MetricAsync(Paused);
        var before = new List<Phase>();
        var during = new List<Phase>();
        var seconds = 0.0;
        for (var part = 0; part < Parts; part++)
        {
            before.Add((await load.OfferAsync(part, (rate, QuietSeconds)))[0]);
            var (phase, taken) = await SwitchUnderLoadAsync(load, rate, part);
            during.Add(phase);
            seconds += taken;
        }

        paused = await Node.MetricAsync(Paused) - paused;
        var ratios = before.Zip(during, (quiet, busy) => P99(busy) / P99(quiet)).Order().ToList();
        Say($"  {which} {PerPart * Parts} in {seconds:F1} s, in {Parts} parts: {during.Sum(Failed)} of {during.Sum(phase => phase.Outcomes.Count)} failed");
        Say($"    p99 of a part, median: before {before.Select(P99).Order().ElementAt(Parts / 2):F1} ms, during {during.Select(P99).Order().ElementAt(Parts / 2):F1} ms; during / before of a part, median: {ratios[Parts / 2]:F2} ({ratios[0]:F2} to {ratios[^1]:F2})");
        Say($"    p50 before {All(before).AnsweredWithin(0.5):F2} ms, during {All(during).AnsweredWithin(0.5):F2} ms; collections stood in the way for {paused * 1000:F0} ms in all; the driver slept for {All(before).SleptShare:P1} and {All(during).SleptShare:P1} of the time");
        Say($"    memory before {Megabytes(memory):F0} MB, after {Megabytes(Node.Server.ResidentBytes()):F0} MB");
    }

    /// <summary>One part's switches.</summary>
    /// <returns>What became of the requests meanwhile, and how many seconds the switches took.</returns>
    private async Task<(Phase Phase, double Seconds)> SwitchUnderLoadAsync(Load load, double rate, int part)
    {
        using var done = new CancellationTokenSource();
        var switching = Task.Run(async () =>
        {
            try
            {
                return await SwitchAsync(PerPart, 0, Settings.SwitchPause);
            }
            finally
            {
                await done.CancelAsync();
            }
        });
        var pieces = new List<Phase>();
        do pieces.Add((await load.OfferAsync((part * 1000) + pieces.Count, (rate, PieceSeconds)))[0]);
        while (!done.IsCancellationRequested);
        return (All(pieces), await switching);
    }

    private static Phase All(List<Phase> phases) => new(phases[0].Rate, phases[0].From, phases[^1].To, phases.Sum(phase => phase.Slept), [.. phases.SelectMany(phase => phase.Outcomes)]);

    private static double P99(Phase phase) => phase.AnsweredWithin(0.99);

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
