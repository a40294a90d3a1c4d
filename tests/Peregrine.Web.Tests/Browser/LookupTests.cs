using Microsoft.Playwright;
using Peregrine.FunctionalTests;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.Web.Tests.Browser;

/// <summary>A dataset lookup by mouse alone: chosen, tried, packaged, deployed by the command line, and asked on the Deployer's page.</summary>
public sealed class LookupTests(DemoApp app) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lookup_IsAddedTriedAndAsked()
    {
        await using var server = await RunningServer.StartAsync(_folder["data"], seconds: 240);
        await File.WriteAllTextAsync(_folder["merchants.csv"], "id,segment,risk,online\nM1,travel,0.25,true\nM2,food,0.5,false\nM3,fuel,0.75,true\n");
        (await server.RunAsync("project", "create", "SHOP")).ShouldExit(0);
        (await server.RunAsync("dataset", "upload", "SHOP", _folder["merchants.csv"], "--name", "merchants")).ShouldExit(0);
        (await server.RunAsync("service", "create", "SHOP", "refs")).ShouldExit(0);
        await using (var visit = await app.VisitAsync(server, 1440, ColorScheme.Light)) await AddAndTryAsync(visit);

        (await server.RunAsync("package", "create", "SHOP", "refs", "v1")).ShouldExit(0);
        (await server.RunAsync("publish", "SHOP", "refs", "v1")).ShouldExit(0);
        (await server.RunAsync("infra", "create", "dev", "--stage", "Development", "--node", server.NodeUrl.AbsoluteUri)).ShouldExit(0);
        (await server.RunAsync("deploy", "refs", "v1", "--infra", "dev")).ShouldExit(0);
        foreach (var (width, theme) in new[] { (1440, ColorScheme.Light), (1440, ColorScheme.Dark), (390, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await using var visit = await app.VisitAsync(server, width, theme);
            await LookAtAsync(visit, $"{width}-{theme.ToString().ToLowerInvariant()}");
        }

        (await server.RunAsync("package", "create", "SHOP", "refs", "v2")).ShouldExit(0);
        (await server.RunAsync("publish", "SHOP", "refs", "v2")).ShouldExit(0);
        (await server.RunAsync("deployment", "shadows", "set", "refs-on-dev", "v2=1")).ShouldExit(0);
        await using var last = await app.VisitAsync(server, 1440, ColorScheme.Light);
        await TakeShadowsOffAsync(last);
    }

    private static async Task AddAndTryAsync(Visit visit)
    {
        await visit.GoAsync("/projects/SHOP/services/refs");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Endpoint", Exact = true }).First.ClickAsync();
        await visit.Page.Locator("dialog[open]").GetByLabel("Id", new() { Exact = true }).FillAsync("merchant");
        await visit.Page.GetByRole(AriaRole.Radio, new() { Name = "Dataset lookup" }).CheckAsync();
        await visit.Page.Locator("dialog[open] fieldset").First.GetByLabel("id").CheckAsync();
        await visit.Page.Locator("dialog[open] fieldset").Nth(1).GetByLabel("online").UncheckAsync();
        await visit.Page.GetByLabel("Keep answers").CheckAsync();
        await Assertions.Expect(visit.Page.Locator("dialog[open]")).ToContainTextAsync("--lookup merchants");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("main .facts").First).ToContainTextAsync("for 60 s");
        await Assertions.Expect(visit.Page.Locator("main .facts").First).ToContainTextAsync("/public/api/v1/refs/merchant/lookup");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Take from the dataset" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".qr")).ToHaveCountAsync(3);
        await visit.Page.Locator(".qr").First.ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".qr").First).ToContainTextAsync("travel");
        visit.Troubles.ShouldBeEmpty();
    }

    private static async Task LookAtAsync(Visit visit, string window)
    {
        await visit.GoAsync("/projects/SHOP/services/refs");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("3 rows");
        await CheckAsync(visit, $"50-lookup-{window}");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Endpoint", Exact = true }).First.ClickAsync();
        await visit.Page.GetByRole(AriaRole.Radio, new() { Name = "Dataset lookup" }).CheckAsync();
        await visit.Page.Locator("dialog[open] fieldset").First.GetByLabel("id").CheckAsync();
        await CheckAsync(visit, $"51-lookup-dialog-{window}");
        await visit.GoAsync("/deployer/deployments/refs-on-dev/test");
        await Assertions.Expect(visit.Page.GetByLabel("Request body")).ToHaveValueAsync("{\n  \"data\": {\n    \"id\": \"M1\"\n  }\n}");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("/refs/merchant/lookup");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Run the test queries" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("travel");
        await CheckAsync(visit, $"52-lookup-test-{window}");
        await Assertions.Expect(visit.Page.Locator("nav .head-tab")).ToContainTextAsync(["Overview", "Run & test", "Rate limits", "Keys", "History"]);
        await visit.GoAsync("/deployer/deployments/refs-on-dev/shadows");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("no model answers here");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Choose shadows" })).ToHaveCountAsync(0);
        await CheckAsync(visit, $"53-lookup-shadows-{window}");
        await visit.GoAsync("/deployer/deployments/refs-on-dev/drift");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("no model answers here");
        await CheckAsync(visit, $"54-lookup-drift-{window}");
        visit.Troubles.ShouldBeEmpty();
    }

    /// <summary>Shadows that get no copies are told and can be removed.</summary>
    private static async Task TakeShadowsOffAsync(Visit visit)
    {
        await visit.GoAsync("/deployer/deployments/refs-on-dev");
        await visit.Page.Locator("nav .head-tab", new() { HasText = "Shadows" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("Those below get no copies");
        await CheckAsync(visit, "55-lookup-shadows-to-take-off");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Choose shadows" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Remove v2" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Bring to the nodes" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("nav .head-tab", new() { HasText = "Shadows" })).ToHaveCountAsync(0);
        visit.Troubles.ShouldBeEmpty();
    }

    private static async Task CheckAsync(Visit visit, string picture)
    {
        await visit.ReadyAsync();
        await visit.PictureAsync(picture);
        (await visit.OverflowAsync()).ShouldBeLessThanOrEqualTo(0, picture);
        (await visit.FaintTextsAsync()).ShouldBeEmpty(picture);
    }
}
