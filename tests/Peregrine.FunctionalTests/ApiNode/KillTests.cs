using Peregrine.Serving.Tests.Chaos;

namespace Peregrine.FunctionalTests.ApiNode;

/// <summary>A real node, killed without notice at random moments of imports, switches and traffic. docs/chaos.md tells how to run it longer.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Node_KilledAtRandomMoments_ServesTheLastAcknowledgedStateOrTheOneBeingAcknowledged()
    {
        var seed = ChaosPlan.Wanted("PEREGRINE_CHAOS_SEED", 20261124);
        var kills = ChaosPlan.Wanted("PEREGRINE_CHAOS_KILLS", 15);
        using var folder = new TemporaryFolder();
        await using var node = new KilledNode(folder["node"]);
        using var run = new ChaosRun(node, new ChaosPlan(seed, kills, TimeSpan.FromMilliseconds(700), Kills: true) { Callers = 2 });
        output.WriteLine(await run.RunAsync());
    }
}
