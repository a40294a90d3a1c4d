using Microsoft.Extensions.Time.Testing;
using Peregrine.Deploying.Reconcile;

namespace Peregrine.Deploying.Tests.Reconcile;

public sealed class RepairPausesTests
{
    [Fact]
    public void MayTry_AfterFailures_WaitsTwiceAsLongEachTimeUpToTheLongest()
    {
        var time = new FakeTimeProvider();
        var pauses = new RepairPauses(time, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30));
        pauses.MayTry("n").ShouldBeTrue();

        foreach (var seconds in (int[])[10, 20, 30, 30])
        {
            pauses.Failed("n");
            time.Advance(TimeSpan.FromSeconds(seconds - 1));
            pauses.MayTry("n").ShouldBeFalse($"within {seconds} s");
            time.Advance(TimeSpan.FromSeconds(1));
            pauses.MayTry("n").ShouldBeTrue($"after {seconds} s");
        }

        pauses.MayTry("other").ShouldBeTrue();
        pauses.Forget("n");
        pauses.Failed("n");
        time.Advance(TimeSpan.FromSeconds(10));
        pauses.MayTry("n").ShouldBeTrue();
    }
}
