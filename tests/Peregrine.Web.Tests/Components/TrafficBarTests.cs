using Bunit;
using Peregrine.Web.Components;

namespace Peregrine.Web.Tests.Components;

public sealed class TrafficBarTests : BunitContext
{
    [Fact]
    public void Bar_OfTwoVersions_GivesEachItsShareAndReadsThemAloud()
    {
        var bar = Render<TrafficBar>(p => p.Add(b => b.Shares, [new("v1", 0.9), new("v2", 0.1, 1)]));
        bar.FindAll(".traffic-part").Select(part => part.GetAttribute("style")).ShouldBe(
            ["flex-grow:0.9;background:var(--chart-1)", "flex-grow:0.1;background:var(--chart-2)"]);
        bar.Find("[role=img]").GetAttribute("aria-label").ShouldBe("Traffic: v1 90 %, v2 10 %");
    }
}
