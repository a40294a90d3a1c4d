using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Peregrine.Web.Tests.Browser;

public sealed class SignInTests(DemoApp app)
{
    [Fact]
    public async Task Page_WithoutSignIn_LeadsToItAndBack()
    {
        await using var visit = await app.VisitAsync(signedIn: false);
        await visit.Page.GotoAsync("/deployer/services");
        visit.Page.Url.ShouldContain("/signin?returnUrl=%2Fdeployer%2Fservices");
        await visit.PictureAsync("00-signin-1440-light");
    }

    [Fact]
    public async Task SignIn_WithAWrongKey_SaysSoAtTheField()
    {
        await using var visit = await app.VisitAsync(390, ColorScheme.Dark, signedIn: false);
        await visit.Page.GotoAsync("/signin");
        await visit.Page.GetByLabel("API key").FillAsync("pgn_wrong");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not known here");
        await visit.PictureAsync("00-signin-refused-390-dark");
    }

    [Fact]
    public async Task SignOut_EndsTheSession()
    {
        await using var visit = await app.VisitAsync();
        await visit.ReadyAsync();
        await visit.Page.Locator("summary[aria-label^='Signed in']").ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(visit.Page).ToHaveURLAsync(new Regex("/signin$"));
        await visit.Page.GotoAsync("/projects");
        visit.Page.Url.ShouldContain("/signin");
    }
}
