using Peregrine.Deploying.Updates;

namespace Peregrine.Deploying.Tests.Updates;

public sealed class DeploymentLocksTests
{
    [Fact]
    public async Task Enter_WhileARepairRuns_AsksItToStopAndWaitsForIt()
    {
        using var locks = new DeploymentLocks();
        var repair = locks.TryEnterForRepair("d", CancellationToken.None)!;

        var entering = locks.EnterAsync("d", CancellationToken.None);

        repair.Stop.IsCancellationRequested.ShouldBeTrue();
        entering.IsCompleted.ShouldBeFalse();
        repair.Dispose();
        (await entering.WaitAsync(TimeSpan.FromSeconds(10))).Dispose();
    }

    [Fact]
    public async Task TryEnterForRepair_WhileAnUpdateRuns_GivesUpAtOnce()
    {
        using var locks = new DeploymentLocks();
        using (await locks.EnterAsync("d", CancellationToken.None))
        {
            locks.TryEnterForRepair("d", CancellationToken.None).ShouldBeNull();
            locks.TryEnterForRepair("other", CancellationToken.None).ShouldNotBeNull();
        }

        locks.TryEnterForRepair("d", CancellationToken.None).ShouldNotBeNull();
    }

    [Fact]
    public void Repair_WhenTheLoopStops_IsAskedToStop()
    {
        using var locks = new DeploymentLocks();
        using var stop = new CancellationTokenSource();
        using var repair = locks.TryEnterForRepair("d", stop.Token)!;

        stop.Cancel();

        repair.Stop.IsCancellationRequested.ShouldBeTrue();
    }
}
