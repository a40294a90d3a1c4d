using Microsoft.Playwright;
using Peregrine.FunctionalTests;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.Web.Tests.Browser;

/// <summary>Every own component in all its states, in both themes, at desk and in the hand.</summary>
public sealed class UiKitTests(DemoApp app) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kit_InDevelopment_FitsAndCanBeReadInEveryWindow()
    {
        await using var server = await RunningServer.StartAsync(_folder["data"], new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Development" });
        var faults = new List<string>();
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var width in new[] { 1440, 390 })
            {
                await using var visit = await app.VisitAsync(server, width, theme);
                await visit.Page.GotoAsync("/ui-kit");
                await visit.Page.Locator("[data-live]").WaitForAsync();
                var name = $"40-ui-kit-{width}-{theme.ToString().ToLowerInvariant()}";
                await visit.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(DemoApp.Screenshots, name + ".png"), FullPage = true });
                if (await visit.OverflowAsync() is > 0 and var overflow) faults.Add($"{name}: {overflow} px too wide");
                faults.AddRange((await visit.FaintTextsAsync()).Select(text => $"{name}: contrast {text}"));
                faults.AddRange(visit.Troubles);
            }
        }
        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Kit_InProduction_IsNotThere()
    {
        await using var visit = await app.VisitAsync();
        await visit.Page.GotoAsync("/ui-kit");
        await visit.Heading("Nothing at this address").WaitForAsync();
    }
}
