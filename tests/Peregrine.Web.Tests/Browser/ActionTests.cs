using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Peregrine.Web.Tests.Browser;

/// <summary>What people do on the pages, done by mouse and keyboard.</summary>
public sealed class ActionTests(DemoApp app)
{
    [Fact]
    public async Task Upload_ACsvFile_ShowsItsRows()
    {
        await using var visit = await app.VisitAsync();
        await MakeProjectAsync(visit, "Upload test", "UPLOAD_TEST");
        await visit.GoAsync("/projects/UPLOAD_TEST/datasets");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Upload a file" }).ClickAsync();
        await visit.Page.GetByLabel("File").SetInputFilesAsync(new FilePayload { Name = "tiny.csv", MimeType = "text/csv", Buffer = "a,b\n1,x\n2,\n"u8.ToArray() });
        await Assertions.Expect(visit.Page.GetByLabel("Name of the dataset")).ToHaveValueAsync("tiny");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).ClickAsync();
        await visit.Heading("tiny").WaitForAsync();
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("Rows 1 to 2 of 2");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("missing");
    }

    [Fact]
    public async Task Upload_AFileThatIsNoTable_SaysWhyAndLeavesNothing()
    {
        await using var visit = await app.VisitAsync();
        await MakeProjectAsync(visit, "Refused", "REFUSED");
        await visit.GoAsync("/projects/REFUSED/datasets");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Upload a file" }).ClickAsync();
        await visit.Page.GetByLabel("File").SetInputFilesAsync(new FilePayload { Name = "ragged.csv", MimeType = "text/csv", Buffer = "a,b\n1,2\n1,2,3\n"u8.ToArray() });
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("dialog [role=alert]")).ToBeVisibleAsync();
        await visit.PictureAsync("31-upload-refused-1440-light");
        await visit.GoAsync("/projects/REFUSED/datasets");
        await Assertions.Expect(visit.Page.Locator("main .empty")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Project_WithATakenKey_IsRefusedAtTheField()
    {
        await using var visit = await app.VisitAsync();
        await visit.ReadyAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "New project" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).FillAsync("Fraud");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Textbox, new() { Name = "Key" })).ToHaveValueAsync("FRAUD");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#project-key-error")).ToContainTextAsync("FRAUD");
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Schema_OfAnEndpoint_IsChosenInADialogThatFits(int width, ColorScheme theme)
    {
        await using var visit = await app.VisitAsync(width, theme);
        await visit.GoAsync("/projects/FRAUD/services/fraud");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Change what a record of score must be" }).ClickAsync();
        await visit.Page.GetByLabel("Out of range").SelectOptionAsync("Warn");
        await Assertions.Expect(visit.Page.Locator("dialog[open]")).ToContainTextAsync("--out-of-range warn");
        await visit.PictureAsync($"40-schema-dialog-{width}-{theme.ToString().ToLowerInvariant()}");
        (await visit.OverflowAsync()).ShouldBeLessThanOrEqualTo(0);
        (await visit.FaintTextsAsync()).ShouldBeEmpty();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("main .facts").First).ToContainTextAsync("out of range: warn in the answer");
        await visit.PictureAsync($"41-schema-{width}-{theme.ToString().ToLowerInvariant()}");
        (await visit.OverflowAsync()).ShouldBeLessThanOrEqualTo(0);
        visit.Troubles.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Log_OfAnEndpoint_IsWrittenInADialogThatFits(int width, ColorScheme theme)
    {
        await using var visit = await app.VisitAsync(width, theme);
        await visit.GoAsync("/projects/FRAUD/services/fraud");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Change what is kept of a record of score" }).ClickAsync();
        await visit.Page.GetByLabel("Prepared record in the query log").CheckAsync();
        var rules = visit.Page.Locator("dialog[open] .rule");
        var before = await rules.CountAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Rule", Exact = true }).ClickAsync();
        var column = $"amount_{width}_{theme}";
        var rule = rules.Nth(before);
        await rule.Locator("select").Last.SelectOptionAsync("Bucket");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("dialog[open] [role=alert]").First).ToContainTextAsync("names no column");
        await rule.Locator("input").First.FillAsync(column);
        await rule.Locator("input").Last.FillAsync("10, 100");
        await Assertions.Expect(visit.Page.Locator("dialog[open]")).ToContainTextAsync($"--column '{column}=bucket:10,100'");
        await visit.PictureAsync($"42-log-dialog-{width}-{theme.ToString().ToLowerInvariant()}");
        (await visit.OverflowAsync()).ShouldBeLessThanOrEqualTo(0);
        (await visit.FaintTextsAsync()).ShouldBeEmpty();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("main .facts").First).ToContainTextAsync($"{column}: interval");
        await visit.PictureAsync($"43-log-{width}-{theme.ToString().ToLowerInvariant()}");
        (await visit.OverflowAsync()).ShouldBeLessThanOrEqualTo(0);
        visit.Troubles.ShouldBeEmpty();
    }

    [Fact]
    public async Task Threshold_WhenMoved_MovesMatrixAndFiguresTogether()
    {
        await using var visit = await app.VisitAsync();
        await visit.GoAsync("/projects/FRAUD/models");
        await visit.Page.Locator("main .table-link").First.ClickAsync();
        var slider = visit.Page.GetByLabel("Threshold");
        await slider.WaitForAsync();
        await visit.ReadyAsync();
        var before = await visit.Page.Locator(".confusion").InnerTextAsync();
        await slider.FillAsync("2");
        await Assertions.Expect(visit.Page.Locator(".confusion")).Not.ToHaveTextAsync(before, new() { UseInnerText = true });
    }

    [Fact]
    public async Task Query_WithASlipInItsJson_IsToldWhere()
    {
        await using var visit = await app.VisitAsync();
        await visit.GoAsync("/deployer/deployments");
        await visit.Page.Locator("main .table-link").First.ClickAsync();
        await visit.Page.Locator("nav .head-tab", new() { HasText = "Run & test" }).ClickAsync();
        var body = visit.Page.GetByLabel("Request body");
        await body.FillAsync("{\n \"features\": {,}\n}");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("line 2");
    }

    [Fact]
    public async Task Query_AsThePageBeginsWithIt_IsAnswered()
    {
        await using var visit = await app.VisitAsync();
        await visit.GoAsync("/deployer/deployments");
        await visit.Page.Locator("main .table-link").First.ClickAsync();
        await visit.Page.Locator("nav .head-tab", new() { HasText = "Run & test" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByLabel("Request body")).ToHaveValueAsync(new Regex("\"features\": \\{\\s+\""));
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".answer strong")).ToBeVisibleAsync();
    }

    private static async Task MakeProjectAsync(Visit visit, string name, string key)
    {
        await visit.ReadyAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "New project" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).FillAsync(name);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Textbox, new() { Name = "Key" })).ToHaveValueAsync(key);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await visit.Heading(name).WaitForAsync();
    }
}
