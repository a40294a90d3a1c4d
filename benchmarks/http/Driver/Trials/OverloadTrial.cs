namespace Peregrine.Benchmarks.Driver.Trials;

/// <summary>Half, the whole and three times the capacity, then half of it again.</summary>
internal sealed class OverloadTrial(TrialNode node, Settings settings) : Trial(node, settings)
{
    public const string Name = "overload";
    private const int Rows = 200;
    private const int Connections = 256;

    public override async Task RunAsync()
    {
        using var load = await Node.ConnectAsync(Rows, Connections);
        var capacity = await CapacityAsync(load);
        var phases = await load.OfferAsync(1, (0.5 * capacity, Settings.Seconds), (0.9 * capacity, Settings.Seconds), (3 * capacity, Settings.Seconds), (0.9 * capacity, Settings.Seconds));
        Say($"{Name}: capacity {capacity:F0} requests of {Rows} records/s; {Connections} connections");
        foreach (var (name, phase) in ((string, Phase)[])[("0.5 x", phases[0]), ("0.9 x", phases[1]), ("3 x", phases[2]), ("0.9 x again", phases[3])])
        {
            Say($"  {name,-11} offered {phase.Offered,6:F0}/s (the driver slept for {phase.SleptShare:P1}); answered {phase.Answered,6:F0}/s, p50 {phase.AnsweredWithin(0.5),5:F1} ms, p99 {phase.AnsweredWithin(0.99),6:F1} ms; refused {phase.Refused,6:F0}/s, p50 {phase.RefusedWithin(0.5),5:F2} ms, p99 {phase.RefusedWithin(0.99),6:F2} ms; given up {phase.GivenUp:F0}/s");
        }

        Say($"  admitted p99 at 3 x / at 0.9 x: {phases[2].AnsweredWithin(0.99) / phases[1].AnsweredWithin(0.99):F2}; answered in the first second after it {phases[3].AnsweredAtFirst:F0} of {phases[3].DueAtFirst:F0} due; before {phases[1].Answered:F0}/s of {phases[1].Rate:F0}");
    }
}
