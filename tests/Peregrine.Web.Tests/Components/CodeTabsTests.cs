using Bunit;
using Peregrine.Web.Components;

namespace Peregrine.Web.Tests.Components;

public sealed class CodeTabsTests : BunitContext
{
    [Fact]
    public void Tabs_WhenAnotherIsChosen_ShowItsCodeAndCopyIt()
    {
        var tabs = Render<CodeTabs>(p => p.Add(t => t.Samples, [new("REST", "curl …"), new("CLI", "peregrine project list")]));
        tabs.Find("pre").TextContent.ShouldBe("curl …");
        tabs.FindAll("[role=tab]")[1].Click();
        tabs.Find("pre").TextContent.ShouldBe("peregrine project list");
        tabs.Find("[data-copy]").GetAttribute("data-copy").ShouldBe("peregrine project list");
    }
}
