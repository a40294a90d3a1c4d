using Microsoft.Playwright;

namespace Peregrine.Web.Tests.Browser;

/// <summary>Who may ask a service, set on its page; a service of its own for each window.</summary>
public sealed class AccessTests(DemoApp browser, SmallApp app)
{
    [Theory]
    [MemberData(nameof(WalkTests.Windows), MemberType = typeof(WalkTests))]
    public async Task Access_ByKeysAndTokens_IsSetInDialogsThatFit(int width, ColorScheme theme)
    {
        await using var visit = await app.VisitAsync(browser, width, theme);
        var window = $"{width}-{theme.ToString().ToLowerInvariant()}";
        var service = $"access{width}{theme}".ToLowerInvariant();
        await app.AddServiceAsync(service);
        await visit.GoAsync($"/projects/{SmallApp.Project}/services/{service}");

        await AddKeyAsync(visit, window);
        await RotateKeyAsync(visit, window);
        await RevokeKeyAsync(visit);
        await SetTokensAsync(visit, window);
        visit.Troubles.ShouldBeEmpty();
    }

    private static async Task AddKeyAsync(Visit visit, string window)
    {
        var page = visit.Page;
        await page.GetByLabel("Holders of a key").ClickAsync();
        await Assertions.Expect(page.Locator("aside")).ToContainTextAsync("nobody gets in");
        await Button(visit, "New key").ClickAsync();
        await page.GetByLabel("Label", new() { Exact = true }).FillAsync("checkout");
        await page.GetByLabel("Only these").CheckAsync();
        await Button(visit, "Make the key").ClickAsync();
        await Assertions.Expect(page.Locator("dialog[open] [role=alert]")).ToContainTextAsync("open nothing");
        await page.Locator("dialog[open]").GetByLabel("score", new() { Exact = true }).CheckAsync();
        await LookAsync(visit, $"42-new-key-{window}");
        await Button(visit, "Make the key").ClickAsync();
        await Assertions.Expect(page.Locator(".new-key")).ToContainTextAsync("pgn_");
        await Assertions.Expect(page.Locator(".keys")).ToContainTextAsync("opens score only");
        await Assertions.Expect(page.Locator(".keys")).ToContainTextAsync("ends 2");
    }

    private static async Task RotateKeyAsync(Visit visit, string window)
    {
        var page = visit.Page;
        await Button(visit, "Rotate key checkout").ClickAsync();
        await page.GetByLabel("The old key works on for").SelectOptionAsync("0");
        await page.GetByLabel("The new key ends").SelectOptionAsync("never");
        await LookAsync(visit, $"43-rotate-key-{window}");
        await Button(visit, "Make the new key").ClickAsync();
        await Assertions.Expect(page.Locator(".key")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator(".key").First).ToContainTextAsync("expired");
        await Assertions.Expect(page.Locator(".key").Last).ToContainTextAsync("never ends");
        await page.Locator(".keys").ScrollIntoViewIfNeededAsync();
        await LookAsync(visit, $"44-keys-{window}");
    }

    private static async Task RevokeKeyAsync(Visit visit)
    {
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke key checkout" }).First.ClickAsync();
        await Assertions.Expect(visit.Page.Locator("dialog[open]")).ToContainTextAsync("cannot be brought back");
        await Button(visit, "Revoke").ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".key")).ToHaveCountAsync(1);
    }

    private static async Task SetTokensAsync(Visit visit, string window)
    {
        var page = visit.Page;
        await page.GetByLabel("Holders of a signed token").ClickAsync();
        await page.GetByLabel("Address of the keys (JWKS)").FillAsync("http://login.example.com/jwks");
        await page.GetByLabel("Clocks may differ by").FillAsync("900");
        await Button(visit, "Save").ClickAsync();
        await Assertions.Expect(page.Locator("#t-skew-error")).ToContainTextAsync("0 to 600");
        await page.GetByLabel("Clocks may differ by").FillAsync("30");
        await Button(visit, "Save").ClickAsync();
        await Assertions.Expect(page.Locator("#t-issuer-error")).ToContainTextAsync("No issuer");
        await Assertions.Expect(page.Locator("#t-url-error")).ToContainTextAsync("https");
        await LookAsync(visit, $"45-tokens-{window}");
        await page.GetByLabel("Issuer", new() { Exact = true }).FillAsync("https://login.example.com/");
        await page.GetByLabel("Address of the keys (JWKS)").FillAsync("https://login.example.com/jwks");
        await page.GetByLabel("Audience").FillAsync("fraud-api");
        await Button(visit, "Save").ClickAsync();
        await Assertions.Expect(page.Locator(".tokens")).ToContainTextAsync("fraud-api");
        await Assertions.Expect(page.GetByLabel("Holders of a signed token")).ToBeCheckedAsync();
        await page.Locator(".tokens").ScrollIntoViewIfNeededAsync();
        await LookAsync(visit, $"46-access-{window}");
    }

    private static async Task LookAsync(Visit visit, string name)
    {
        await visit.PictureAsync(name);
        (await visit.OverflowAsync()).ShouldBeLessThanOrEqualTo(0);
        (await visit.FaintTextsAsync()).ShouldBeEmpty();
    }

    private static ILocator Button(Visit visit, string name) => visit.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
