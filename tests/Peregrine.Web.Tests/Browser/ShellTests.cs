using Microsoft.Playwright;

namespace Peregrine.Web.Tests.Browser;

public sealed class ShellTests(DemoApp app)
{
    [Fact]
    public async Task Palette_ByKeyboard_LeadsToADataset()
    {
        await using var visit = await app.VisitAsync();
        await visit.ReadyAsync();
        await visit.Page.Keyboard.PressAsync("Control+k");
        var search = visit.Page.Locator("input[aria-label='Search or jump to']");
        await Assertions.Expect(search).ToBeFocusedAsync(new() { Timeout = 20_000 });
        await search.PressSequentiallyAsync("merch", new() { Delay = 50 });
        await visit.Page.GetByRole(AriaRole.Option, new() { Name = "merchants" }).WaitForAsync();
        await visit.PictureAsync("30-palette-1440-light");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Heading("merchants").WaitForAsync();
    }

    [Fact]
    public async Task Theme_OnceChosen_StaysAfterAReload()
    {
        await using var visit = await app.VisitAsync();
        await visit.Page.Locator("summary[aria-label='Theme']").ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await visit.Page.ReloadAsync();
        (await visit.Page.EvaluateAsync<string>("() => document.documentElement.dataset.theme")).ShouldBe("dark");
    }

    [Fact]
    public async Task Pages_OfAnUnknownObject_SayWhatIsMissing()
    {
        await using var visit = await app.VisitAsync();
        await visit.GoAsync("/projects/FRAUD/datasets/nosuch");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("nosuch");
        await Assertions.Expect(visit.Page.Locator("main .empty")).ToBeVisibleAsync();
    }
}
