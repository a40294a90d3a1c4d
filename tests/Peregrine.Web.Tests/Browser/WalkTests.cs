using Microsoft.Playwright;

namespace Peregrine.Web.Tests.Browser;

/// <summary>Every page of the demo, at desk and in the hand, light and dark: its data is there, nothing sticks out, nothing is too faint, nothing leaves the machine.</summary>
public sealed class WalkTests(DemoApp app)
{
    public static TheoryData<int, ColorScheme> Windows() => new()
    {
        { 1440, ColorScheme.Light }, { 1440, ColorScheme.Dark }, { 390, ColorScheme.Light }, { 390, ColorScheme.Dark },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task Walk_ThroughThePages_ShowsDataThatFitsAndCanBeRead(int width, ColorScheme theme)
    {
        await using var visit = await app.VisitAsync(width, theme);
        var faults = new List<string>();
        var at = 0;
        foreach (var stop in Stops)
        {
            await stop.Reach(visit);
            await visit.ReadyAsync();
            foreach (var text in stop.Shows) await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync(text);
            await visit.PictureAsync($"{++at:00}-{stop.Name}-{width}-{theme.ToString().ToLowerInvariant()}");
            if (await visit.OverflowAsync() is > 0 and var overflow) faults.Add($"{stop.Name}: {overflow} px too wide");
            faults.AddRange((await visit.CutOffAsync()).Select(text => $"{stop.Name}: {text}"));
            faults.AddRange((await visit.FaintTextsAsync()).Select(text => $"{stop.Name}: contrast {text}"));
        }
        faults.AddRange(visit.Troubles);
        faults.ShouldBeEmpty();
    }

    private static readonly IReadOnlyList<Stop> Stops =
    [
        Stop.At("projects", "/projects", "FRAUD"),
        Stop.At("project", "/projects/FRAUD", "Datasets", "API services"),
        Stop.At("datasets", "/projects/FRAUD/datasets", "payments", "cardholders", "merchants"),
        Stop.At("dataset", "/projects/FRAUD/datasets/payments", "Rows 1 to 100 of"),
        Stop.At("columns", "/projects/FRAUD/datasets/payments?show=schema", "Distribution"),
        Stop.At("new-analysis", "/projects/FRAUD/analyses/new?dataset=payments", "What to find"),
        Stop.At("analyses", "/projects/FRAUD/analyses", "payments"),
        Stop.Through("leaderboard", visit => visit.Page.Locator("main .table-link").First.ClickAsync(), "Leaderboard", "Gradient-boosted trees"),
        Stop.Through("model-report", visit => visit.Page.GetByRole(AriaRole.Link, new() { Name = "Report of the best" }).ClickAsync(), "ROC AUC", "What it leans on"),
        Stop.At("models", "/projects/FRAUD/models", "Active version"),
        Stop.Through("saved-model", visit => visit.Page.Locator("main .table-link").First.ClickAsync(), "ROC AUC", "Artifact"),
        Stop.At("api-services", "/projects/FRAUD/services", "fraud"),
        Stop.At("api-service", "/projects/FRAUD/services/fraud", "score", "Versions", "v1"),
        Stop.At("board", "/deployer", "Development", "fraud", "Healthy"),
        Stop.At("published-services", "/deployer/services", "fraud"),
        Stop.At("published-service", "/deployer/services/fraud", "v1", "Digest"),
        Stop.At("infrastructures", "/deployer/infrastructures", "http://"),
        Stop.At("deployments", "/deployer/deployments", "Healthy"),
        Stop.Through("deployment", visit => visit.Page.Locator("main .table-link").First.ClickAsync(), "Traffic", "API nodes", "answers"),
        Stop.Through("history", visit => visit.Page.Locator("nav .head-tab", new() { HasText = "History" }).ClickAsync(), "Update done"),
        Stop.Through("run-and-test", RunTheTestQueriesAsync, "Request", "Answer", "Prediction"),
        Stop.Through("drift", visit => visit.Page.Locator("nav .head-tab", new() { HasText = "Drift" }).ClickAsync(), "training rows", "PSI", "Importance", "probability"),
        Stop.Through("rate-limits", visit => visit.Page.Locator("nav .head-tab", new() { HasText = "Rate limits" }).ClickAsync(), "rule"),
        Stop.Through("shadows", visit => visit.Page.Locator("nav .head-tab", new() { HasText = "Shadows" }).ClickAsync(), "Choose shadows"),
        Stop.Through("keys", visit => visit.Page.Locator("nav .head-tab", new() { HasText = "Keys" }).ClickAsync(), "package", "never"),
        Stop.At("unknown", "/deployer/nowhere/at/all", "Nothing at this address"),
    ];

    private static async Task RunTheTestQueriesAsync(Visit visit)
    {
        await visit.Page.Locator("nav .head-tab", new() { HasText = "Run & test" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Run the test queries" }).ClickAsync();
        await visit.Page.GetByText("Query 1", new() { Exact = true }).WaitForAsync();
    }

    /// <param name="Shows">Texts that must be on the page.</param>
    private sealed record Stop(string Name, Func<Visit, Task> Reach, IReadOnlyList<string> Shows)
    {
        public static Stop At(string name, string path, params string[] shows) => new(name, visit => visit.GoAsync(path), shows);

        public static Stop Through(string name, Func<Visit, Task> reach, params string[] shows) => new(name, async visit =>
        {
            var before = visit.Page.Url;
            await reach(visit);
            await visit.Page.WaitForURLAsync(url => url != before);
        }, shows);
    }
}
