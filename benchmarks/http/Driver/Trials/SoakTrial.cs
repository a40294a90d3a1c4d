namespace Peregrine.Benchmarks.Driver.Trials;

/// <summary>Half capacity for a long time: what grows?</summary>
internal sealed class SoakTrial(TrialNode node, Settings settings) : Trial(node, settings)
{
    public const string Name = "soak";
    private const int Rows = 20;
    private const int Looks = 10;

    public override async Task RunAsync()
    {
        using var load = await Node.ConnectAsync(Rows, Settings.Connections);
        var rate = await CapacityAsync(load) / 2;
        Say($"{Name}: {Settings.SoakSeconds} s at {rate:F0} requests of {Rows} records/s");
        for (var look = 1; look <= Looks; look++)
        {
            var phase = (await load.OfferAsync(look, (rate, Math.Max(1, Settings.SoakSeconds / Looks))))[0];
            Say($"  {look,2}/{Looks}  memory {Megabytes(Node.Server.ResidentBytes()):F0} MB, handles {Node.Server.OpenFiles()}, p99 {phase.AnsweredWithin(0.99):F1} ms, failed {Failed(phase)}");
        }
    }
}
