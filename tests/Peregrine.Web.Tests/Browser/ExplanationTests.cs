using Microsoft.Playwright;

namespace Peregrine.Web.Tests.Browser;

/// <summary>How far each feature moved a prediction: in the Designer, at a deployment, and on the node's own page.</summary>
public sealed class ExplanationTests(DemoApp browser, SmallApp app)
{
    [Theory]
    [MemberData(nameof(WalkTests.Windows), MemberType = typeof(WalkTests))]
    public async Task TestQueries_OfTheDesigner_ShowBarsWhenAskedTo(int width, ColorScheme theme)
    {
        await using var visit = await app.VisitAsync(browser, width, theme);
        var page = visit.Page;
        await visit.GoAsync($"/projects/{SmallApp.Project}/services/fraud");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".qr").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".influences")).ToHaveCountAsync(0);
        await page.GetByLabel("Explain the test queries of score").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".influences").First.Locator("li")).ToHaveCountAsync(3);
        await page.Locator(".influences").First.ScrollIntoViewIfNeededAsync();
        await LookAsync(visit, $"47-designer-bars-{width}-{theme.ToString().ToLowerInvariant()}");
    }

    [Theory]
    [MemberData(nameof(WalkTests.Windows), MemberType = typeof(WalkTests))]
    public async Task Query_ToADeployment_ShowsBarsOfBothSidesInOrder(int width, ColorScheme theme)
    {
        await using var visit = await app.VisitAsync(browser, width, theme);
        var page = visit.Page;
        await visit.GoAsync($"/deployer/deployments/{SmallApp.Deployment}/test");
        await page.GetByLabel("Explain").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Run the test queries" }).ClickAsync();
        await Assertions.Expect(page.Locator(".influences li")).ToHaveCountAsync(3);
        (await page.GetByLabel("Request body").InputValueAsync()).ShouldNotContain("explanations");

        // The query's own wishes hold beside the switch.
        var body = (await page.GetByLabel("Request body").InputValueAsync()).TrimEnd()[..^1] + ", \"explanations\": { \"nExplanations\": 4 } }";
        await page.GetByLabel("Request body").FillAsync(body);
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".influences li")).ToHaveCountAsync(4);
        var amounts = (await page.Locator(".influences li .amount").AllInnerTextsAsync()).Select(text => double.Parse(text.Trim().Replace('\u2212', '-'), System.Globalization.CultureInfo.InvariantCulture)).ToList();
        amounts.Select(Math.Abs).ShouldBe(amounts.Select(Math.Abs).OrderDescending());
        (await page.EvaluateAsync<string[]>(BarsOnTheWrongSide)).ShouldBeEmpty();
        await page.Locator(".influences").ScrollIntoViewIfNeededAsync();
        await LookAsync(visit, $"48-deployer-bars-{width}-{theme.ToString().ToLowerInvariant()}");

        await page.GetByLabel("Explain").UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Run the test queries" }).ClickAsync();
        await Assertions.Expect(page.Locator(".influences")).ToHaveCountAsync(0);
    }

    [Theory]
    [MemberData(nameof(WalkTests.Windows), MemberType = typeof(WalkTests))]
    public async Task Page_OfTheNode_ShowsBarsForACallThatExplains(int width, ColorScheme theme)
    {
        await using var visit = await app.VisitNodeAsync(browser, width, theme);
        var page = visit.Page;
        await page.GetByLabel("API key").FillAsync(app.ServiceKey);
        await page.Keyboard.PressAsync("Enter");
        var call = page.Locator(".call").First;
        await call.GetByLabel("Explain").CheckAsync();
        await Assertions.Expect(call.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("explanations");
        await call.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(call.Locator(".influences li")).ToHaveCountAsync(3);
        (await page.EvaluateAsync<string[]>(BarsOnTheWrongSide)).ShouldBeEmpty();
        await call.Locator(".influences").ScrollIntoViewIfNeededAsync();
        await visit.PictureAsync($"51-node-bars-{width}-{theme.ToString().ToLowerInvariant()}");
        (await visit.OverflowAsync()).ShouldBeLessThanOrEqualTo(0);
        (await visit.FaintTextsAsync()).ShouldBeEmpty();
        await call.GetByLabel("Explain").UncheckAsync();
        await call.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(call.Locator(".influences")).ToHaveCountAsync(0);
        visit.Troubles.Where(trouble => !trouble.Contains("401")).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(WalkTests.Windows), MemberType = typeof(WalkTests))]
    public async Task Settings_OfAnEndpoint_AreChosenInADialogThatFits(int width, ColorScheme theme)
    {
        await using var visit = await app.VisitAsync(browser, width, theme);
        var page = visit.Page;
        await visit.GoAsync($"/projects/{SmallApp.Project}/services/fraud");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change what score explains" }).ClickAsync();
        await page.GetByLabel("Features named").FillAsync("0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#x-count-error")).ToBeVisibleAsync();
        await page.GetByLabel("Features named").FillAsync("3");
        await page.GetByLabel("Method").SelectOptionAsync("Ice");
        await page.GetByLabel("Monte Carlo steps").FillAsync("50");
        await LookAsync(visit, $"49-explanations-{width}-{theme.ToString().ToLowerInvariant()}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("main .facts").First).ToContainTextAsync("only when asked");
        visit.Troubles.ShouldBeEmpty();
    }

    /// <summary>Bars that do not lie on the side of zero that their sign says.</summary>
    private const string BarsOnTheWrongSide = """
        () => [...document.querySelectorAll('.influences li')].filter(row => {
          const track = row.querySelector('.track').getBoundingClientRect(), bar = row.querySelector('.bar').getBoundingClientRect(), middle = track.left + track.width / 2;
          const isBelow = row.textContent.includes('−');
          return bar.left < track.left - 1 || bar.right > track.right + 1 || (isBelow ? bar.right > middle + 1 : bar.left < middle - 1);
        }).map(row => row.textContent)
        """;

    private static async Task LookAsync(Visit visit, string name)
    {
        await visit.PictureAsync(name);
        (await visit.OverflowAsync()).ShouldBeLessThanOrEqualTo(0);
        (await visit.FaintTextsAsync()).ShouldBeEmpty();
    }
}
