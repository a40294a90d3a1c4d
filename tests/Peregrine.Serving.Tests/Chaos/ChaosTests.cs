namespace Peregrine.Serving.Tests.Chaos;

/// <summary>Correctness while everything happens at once, with restarts. docs/chaos.md tells how to run it longer.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    [Fact]
    public async Task EveryAnswer_WhileActionsTrafficAndRestartsGoOn_WasAllowedAtItsTime()
    {
        var seed = ChaosPlan.Wanted("PEREGRINE_CHAOS_SEED", 20261124);
        var ends = ChaosPlan.Wanted("PEREGRINE_CHAOS_ENDS", 6);
        await using var node = new NodeInProcess();
        using var run = new ChaosRun(node, new ChaosPlan(seed, ends, TimeSpan.FromSeconds(2), Kills: false));
        output.WriteLine(await run.RunAsync());
    }
}
