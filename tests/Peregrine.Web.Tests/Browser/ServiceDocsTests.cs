using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;

namespace Peregrine.Web.Tests.Browser;

/// <summary>The page that an API node shows of a service: its description, and calls to try.</summary>
public sealed class ServiceDocsTests(DemoApp app)
{
    [Theory]
    [MemberData(nameof(WalkTests.Windows), MemberType = typeof(WalkTests))]
    public async Task Page_WithTheKey_FitsCanBeReadAndAnswersAPrediction(int width, ColorScheme theme)
    {
        await using var visit = await app.VisitNodeAsync(width, theme);
        var page = visit.Page;
        await OpenAsync(visit);
        var faults = new List<string>();
        var name = $"50-service-docs-{width}-{theme.ToString().ToLowerInvariant()}";
        await Assertions.Expect(page.Locator(".answer").First).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("In training");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).First.ClickAsync();
        await Assertions.Expect(page.Locator(".answer").First).ToContainTextAsync("200");
        await Assertions.Expect(page.Locator(".answer").First).ToContainTextAsync("\"prediction\"");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(DemoApp.Screenshots, name + ".png"), FullPage = true });
        if (await visit.OverflowAsync() is > 0 and var overflow) faults.Add($"{overflow} px too wide");
        faults.AddRange(await visit.FaintTextsAsync());
        faults.AddRange(await page.EvaluateAsync<string[]>(InputsThatStickOut));
        faults.AddRange(visit.Troubles.Where(trouble => !trouble.Contains("401")));
        faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("curl", "bash", "-c")]
    [InlineData("Python", "python3", "-c")]
    public async Task Snippet_OfEachCall_RunsAsItStands(string language, string program, string option)
    {
        await using var visit = await app.VisitNodeAsync(1440, ColorScheme.Light);
        await OpenAsync(visit);
        var calls = await visit.Page.Locator(".call").AllAsync();
        calls.Count.ShouldBe(3);
        foreach (var call in calls)
        {
            await call.GetByRole(AriaRole.Tab, new() { Name = language }).ClickAsync();
            var code = await call.GetByRole(AriaRole.Tabpanel).InnerTextAsync();
            code.ShouldNotContain(app.ServiceKey);
            var answer = await RunAsync(program, option, code);
            JsonDocument.Parse(answer).RootElement.TryGetProperty("apiContext", out _).ShouldBeTrue(answer);
        }
    }

    [Fact]
    public async Task Page_ByKeyboardAlone_SendsAndChangesTheLanguage()
    {
        await using var visit = await app.VisitNodeAsync(1440, ColorScheme.Light);
        await OpenAsync(visit);
        var call = visit.Page.Locator(".call").First;
        await call.Locator("textarea").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(call.Locator(".answer")).ToContainTextAsync("200");
        await call.GetByRole(AriaRole.Tab, new() { Name = "curl" }).FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(call.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("import json");
        await call.Locator("textarea").FillAsync("{ \"features\": ");
        await visit.Page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(call.GetByRole(AriaRole.Alert)).ToContainTextAsync("no JSON yet");
    }

    [Fact]
    public async Task Page_WithAWrongKey_SaysSoAtTheField()
    {
        await using var visit = await app.VisitNodeAsync(390, ColorScheme.Dark);
        await visit.Page.GetByLabel("API key").FillAsync("pgn_wrong");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).Not.ToBeEmptyAsync();
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("asks who is calling");
    }

    /// <summary>Fields of a form that reach beyond the box they stand in.</summary>
    private const string InputsThatStickOut = """
        () => [...document.querySelectorAll('input, select, textarea')].filter(field => field.checkVisibility())
          .filter(field => { const own = field.getBoundingClientRect(), box = field.closest('form').getBoundingClientRect(); return own.left < box.left - 1 || own.right > box.right + 1; })
          .map(field => 'sticks out: ' + field.id)
        """;

    private async Task OpenAsync(Visit visit)
    {
        await visit.Page.GetByLabel("API key").FillAsync(app.ServiceKey);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Use" }).ClickAsync();
        await visit.Page.Locator(".call").First.WaitForAsync();
    }

    private async Task<string> RunAsync(string program, string option, string code)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(option);
        start.ArgumentList.Add(code);
        start.Environment["PEREGRINE_KEY"] = app.ServiceKey;
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"There is no {program} on this machine.");
            throw;
        }

        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(0, await error);
            return text;
        }
    }
}
