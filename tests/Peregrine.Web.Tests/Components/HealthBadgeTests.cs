using Bunit;
using Peregrine.Web.Components;

namespace Peregrine.Web.Tests.Components;

public sealed class HealthBadgeTests : BunitContext
{
    [Fact]
    public void Badge_WithAReason_SaysWordAndReasonBesideItsColour()
    {
        var badge = Render<HealthBadge>(p => p.Add(b => b.Tone, Tone.Bad).Add(b => b.Word, "Unhealthy").Add(b => b.Reason, "node 2 does not answer"));
        badge.Find(".health").ClassList.ShouldContain("tone-bad");
        badge.Find(".health-word").TextContent.ShouldBe("Unhealthy");
        badge.Find(".health-reason").TextContent.ShouldBe("node 2 does not answer");
        badge.FindAll("svg").Count.ShouldBe(1);
    }

    [Fact]
    public void Badge_WhenCompact_KeepsTheReasonForTheHover()
    {
        var badge = Render<HealthBadge>(p => p.Add(b => b.Tone, Tone.Warn).Add(b => b.Word, "Out of sync").Add(b => b.Reason, "v2 is wanted").Add(b => b.Compact, true));
        badge.FindAll(".health-reason").ShouldBeEmpty();
        badge.Find(".health").GetAttribute("title").ShouldBe("v2 is wanted");
    }
}
