using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Peregrine.Web.Tests.Browser;

/// <summary>Rate limits, shadows and keys of the demo's deployment, as an operator keeps them. What concerns all callers is not narrowed: other tests ask the same service.</summary>
public sealed class DeploymentSectionsTests(DemoApp app)
{
    private static readonly (int Width, ColorScheme Theme)[] Windows =
        [(1440, ColorScheme.Light), (1440, ColorScheme.Dark), (390, ColorScheme.Light), (390, ColorScheme.Dark)];

    [Fact]
    public async Task Keys_AreMadeShownOnceRotatedAndRevoked()
    {
        await using var visit = await app.VisitAsync();
        await OpenAsync(visit, "Keys");
        var (first, id) = await MakeKeyAsync(visit, "checkout");
        (await AskAsync(first)).ShouldBe(HttpStatusCode.OK);
        await PicturesAsync(visit, "52-keys");

        await visit.Page.ReloadAsync();
        await visit.ReadyAsync();
        (await visit.Page.ContentAsync()).ShouldNotContain(first);
        var row = Row(visit, id);
        await Assertions.Expect(row).ToContainTextAsync("on the node");
        await Assertions.Expect(row.Locator("[data-of='Last used'] time")).ToBeVisibleAsync();

        await row.GetByRole(AriaRole.Button, new() { Name = "Rotate checkout" }).ClickAsync();
        await visit.Page.GetByLabel("Both work for").FillAsync("soon");
        await DialogButton(visit, "Rotate").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#key-overlap-error")).ToContainTextAsync("'soon' is not a whole number");
        await visit.Page.GetByLabel("Both work for").FillAsync("0");
        await DialogButton(visit, "Rotate").ClickAsync();
        var second = await SecretAsync(visit);
        (await AskAsync(first)).ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(second)).ShouldBe(HttpStatusCode.OK);
        await Assertions.Expect(Row(visit, id)).ToContainTextAsync("ended");

        await visit.Page.Locator("tr", new() { HasText = "checkout" }).Filter(new() { HasNotText = id }).GetByRole(AriaRole.Button, new() { Name = "Revoke checkout" }).First.ClickAsync();
        await DialogButton(visit, "Revoke it").ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".change")).ToContainTextAsync("was revoked");
        (await AskAsync(second)).ShouldBe(HttpStatusCode.Unauthorized);
        visit.Troubles.ShouldBeEmpty();
    }

    [Fact]
    public async Task RateLimits_AreRefusedAtTheField_Counted_ChangedAndRemoved()
    {
        await using var visit = await app.VisitAsync();
        await OpenAsync(visit, "Keys");
        var (secret, key) = await MakeKeyAsync(visit, "limited");
        await OpenAsync(visit, "Rate limits");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "New rule" }).First.ClickAsync();
        await visit.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("a b");
        await visit.Page.GetByLabel("How many").FillAsync("many");
        await visit.Page.GetByLabel("Only for the key").FillAsync(key);
        await DialogButton(visit, "Bring to the nodes").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#limit-limit-error")).ToContainTextAsync("'many' is not a whole number");
        await visit.Page.GetByLabel("How many").FillAsync("0");
        await DialogButton(visit, "Bring to the nodes").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#limit-limit-error")).ToContainTextAsync("whole number from 1");
        await Assertions.Expect(visit.Page.Locator("#limit-id-error")).ToContainTextAsync("letters, digits");
        await visit.PictureAsync("50-rate-limit-refused-1440-light");
        await visit.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("narrow");
        await visit.Page.GetByLabel("How many").FillAsync("2");
        await visit.Page.GetByLabel("In", new() { Exact = true }).SelectOptionAsync("hours");
        await DialogButton(visit, "Bring to the nodes").ClickAsync();

        var row = Row(visit, "narrow");
        await Assertions.Expect(row).ToContainTextAsync("2 requests in 1 h");
        await Assertions.Expect(row).ToContainTextAsync("on the node");
        for (var i = 0; i < 5; i++) (await AskAsync(secret)).ShouldBe(i < 2 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests);
        await Assertions.Expect(row.Locator("[data-of=Refused]")).ToHaveTextAsync("3"); // of itself, with the next reading
        await PicturesAsync(visit, "51-rate-limits");

        await IdleAsync(visit);
        await row.GetByRole(AriaRole.Button, new() { Name = "Change narrow" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByLabel("How many")).ToHaveValueAsync("2");
        await visit.Page.GetByLabel("How many").FillAsync("7");
        await DialogButton(visit, "Bring to the nodes").ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("7 requests in 1 h");
        await IdleAsync(visit);
        await row.GetByRole(AriaRole.Button, new() { Name = "Remove narrow" }).ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
        await IdleAsync(visit);
        (await AskAsync(secret)).ShouldBe(HttpStatusCode.OK);
        await OpenAsync(visit, "History");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("narrow: 7 requests in 1 h");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("no rate limit narrow");
        await visit.PictureAsync("54-history-of-rules-1440-light");
        visit.Troubles.ShouldBeEmpty();
    }

    [Fact]
    public async Task Shadow_OfTheSameModel_AgreesOnEveryRecord()
    {
        await using var visit = await app.VisitAsync();
        (await app.RunAsync("package", "create", "FRAUD", "fraud", "v2")).ShouldExit(0);
        (await app.RunAsync("publish", "FRAUD", "fraud", "v2")).ShouldExit(0);
        await OpenAsync(visit, "Shadows");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Choose shadows" }).First.ClickAsync();
        await visit.Page.GetByLabel("Version", new() { Exact = true }).First.SelectOptionAsync("v1");
        await Assertions.Expect(visit.Page.Locator("dialog[open]")).ToContainTextAsync("v1 answers itself");
        await visit.Page.GetByLabel("Version", new() { Exact = true }).First.SelectOptionAsync("v2");
        await Assertions.Expect(visit.Page.Locator("dialog[open]")).ToContainTextAsync("v2 gets copies of 100 % of the requests");
        await visit.PictureAsync("53-shadow-dialog-1440-light");
        await DialogButton(visit, "Bring to the nodes").ClickAsync();
        await Assertions.Expect(Row(visit, "v2")).ToContainTextAsync("on the node");
        for (var i = 0; i < 4; i++) (await AskAsync(app.ServiceKey)).ShouldBe(HttpStatusCode.OK);

        var card = visit.Page.GetByRole(AriaRole.Region, new() { Name = "v2 as a shadow of v1 at score" });
        await Assertions.Expect(card).ToContainTextAsync(new Regex("([4-9]|[0-9]{2,}) records"));
        await Assertions.Expect(card.Locator(".tile", new() { HasText = "Agreement" })).ToContainTextAsync("100 %");
        await Assertions.Expect(card.Locator(".tile", new() { HasText = "Flips of class" })).ToContainTextAsync("0");
        await PicturesAsync(visit, "53-shadows");
        await IdleAsync(visit);

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Choose shadows" }).First.ClickAsync();
        await visit.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Remove v2" }).ClickAsync();
        await DialogButton(visit, "Bring to the nodes").ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Table, new() { Name = "Shadows" })).ToHaveCountAsync(0);
        await IdleAsync(visit);
        visit.Troubles.ShouldBeEmpty();
    }

    private static async Task OpenAsync(Visit visit, string tab)
    {
        await visit.GoAsync("/deployer/deployments");
        await visit.Page.Locator("main .table-link").First.ClickAsync();
        await visit.Page.Locator("nav .head-tab", new() { HasText = tab }).ClickAsync();
        await visit.Page.WaitForURLAsync(url => !url.EndsWith("/deployments", StringComparison.Ordinal));
        await visit.ReadyAsync();
        await IdleAsync(visit);
    }

    /// <summary>Until no update runs: there is one at a time.</summary>
    private static Task IdleAsync(Visit visit) => Assertions.Expect(visit.Page.GetByText("Updating", new() { Exact = true })).ToHaveCountAsync(0);

    /// <summary>Makes a key on the page; the key, and its id.</summary>
    private static async Task<(string Secret, string Id)> MakeKeyAsync(Visit visit, string label)
    {
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "New key" }).First.ClickAsync();
        await DialogButton(visit, "Make it").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#key-label-error")).ToContainTextAsync("Say what the key is for");
        await visit.Page.GetByLabel("What it is for").FillAsync(label);
        await DialogButton(visit, "Make it").ClickAsync();
        var secret = await SecretAsync(visit);
        return (secret, (await visit.Page.Locator("tr", new() { HasText = label }).Locator("[data-of=Id]").First.InnerTextAsync()).Trim());
    }

    private static async Task<string> SecretAsync(Visit visit)
    {
        await Assertions.Expect(visit.Page.Locator("dialog[open]")).ToHaveCountAsync(0);
        return await visit.Page.Locator(".change code").InnerTextAsync();
    }

    private static ILocator Row(Visit visit, string text) => visit.Page.Locator("main tbody tr", new() { HasText = text });

    private static ILocator DialogButton(Visit visit, string name) => visit.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>At desk and in the hand, light and dark: it fits and can be read.</summary>
    private static async Task PicturesAsync(Visit visit, string name)
    {
        foreach (var (width, theme) in Windows)
        {
            await visit.Page.SetViewportSizeAsync(width, width < 500 ? 844 : 900);
            await visit.Page.EmulateMediaAsync(new() { ColorScheme = theme });
            await visit.PictureAsync($"{name}-{width}-{theme.ToString().ToLowerInvariant()}");
            (await visit.OverflowAsync()).ShouldBeLessThanOrEqualTo(0, $"{name} at {width}");
            (await visit.FaintTextsAsync()).ShouldBeEmpty($"{name} at {width} {theme}");
        }

        await visit.Page.SetViewportSizeAsync(1440, 900);
        await visit.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }

    /// <summary>Asks the demo's node as a caller does.</summary>
    private async Task<HttpStatusCode> AskAsync(string key)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.NodeUrl, "/public/api/v1/fraud/score/predict"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        request.Content = new StringContent(app.Request);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
