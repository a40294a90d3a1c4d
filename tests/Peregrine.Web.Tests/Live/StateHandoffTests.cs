using Microsoft.Extensions.Time.Testing;
using Peregrine.Web.Live;

namespace Peregrine.Web.Tests.Live;

public sealed class StateHandoffTests
{
    [Fact]
    public void Take_Twice_GivesTheValueOnce()
    {
        var handoff = new StateHandoff(new FakeTimeProvider());
        var ticket = handoff.Put("rows");
        handoff.Take(ticket).ShouldBe("rows");
        handoff.Take(ticket).ShouldBeNull();
    }

    [Fact]
    public void Take_AfterHalfAMinute_GivesNothing()
    {
        var clock = new FakeTimeProvider();
        var handoff = new StateHandoff(clock);
        var ticket = handoff.Put("rows");
        clock.Advance(TimeSpan.FromSeconds(31));
        handoff.Take(ticket).ShouldBeNull();
    }
}
