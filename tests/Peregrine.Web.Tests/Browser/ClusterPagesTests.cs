using System.Globalization;
using System.Text;
using Microsoft.Playwright;
using Peregrine.FunctionalTests;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.Web.Tests.Browser;

/// <summary>From a dataset to a clustering endpoint by the pages alone.</summary>
public sealed class ClusterPagesTests(DemoApp app) : IDisposable
{
    private static readonly (double Visits, double Basket, string Channel)[] s_groups = [(2, 20, "shop"), (12, 60, "web"), (30, 300, "app")];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Clusters_AreFoundShownKeptAndServed()
    {
        await File.WriteAllTextAsync(_folder["shoppers.csv"], Shoppers(rows: 450));
        await using var server = await RunningServer.StartAsync(_folder["data"], seconds: 300);
        (await server.RunAsync("project", "create", "SHOP")).ShouldExit(0);
        (await server.RunAsync("dataset", "upload", "SHOP", _folder["shoppers.csv"])).ShouldExit(0);
        await using var visit = await app.VisitAsync(server, 1440, ColorScheme.Light);
        var report = await TrainAsync(visit);
        await ServeAsync(visit);
        visit.Troubles.ShouldBeEmpty();
        foreach (var (width, theme) in new[] { (1440, ColorScheme.Light), (1440, ColorScheme.Dark), (390, ColorScheme.Light), (390, ColorScheme.Dark) }) await LookAsync(server, width, theme, report);
    }

    private static async Task<string> TrainAsync(Visit visit)
    {
        await visit.GoAsync("/projects/SHOP/analyses/new?dataset=shoppers");
        await visit.Page.GetByText("Groups of rows that are alike").ClickAsync();
        await Assertions.Expect(visit.Page.GetByLabel("Target")).ToHaveCountAsync(0);
        await visit.Page.GetByLabel("Most clusters").FillAsync("1");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Train" })).ToBeDisabledAsync();
        await visit.Page.GetByLabel("Most clusters").FillAsync("5");
        await visit.Page.GetByText("Outliers apart").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("--clusters 2-5 --outliers 0.01");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Train" }).ClickAsync();
        await visit.Heading("Clusters of shoppers").WaitForAsync();
        var best = visit.Page.GetByRole(AriaRole.Link, new() { Name = "Report of the best" });
        await best.WaitForAsync(new() { Timeout = 120_000 });
        await Assertions.Expect(visit.Page.Locator("main thead")).ToContainTextAsync("Silhouette");
        await best.ClickAsync();
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("cluster_outliers");
        await Assertions.Expect(visit.Page.Locator(".cluster").First).ToContainTextAsync("channel");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("taken");
        return new Uri(visit.Page.Url).AbsolutePath;
    }

    private static async Task ServeAsync(Visit visit)
    {
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Keep in the project" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Keep", Exact = true }).ClickAsync();
        await visit.Heading("Clusters of shoppers").WaitForAsync();
        await visit.ReadyAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Serve by API" }).ClickAsync();
        await visit.Page.GetByLabel("Id of the service").FillAsync("shop");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await visit.Heading("shop").WaitForAsync();
        await Assertions.Expect(visit.Page.Locator("main .panel-head").First).ToContainTextAsync("clustering");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Take from the dataset" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".qr summary").First).ToContainTextAsync("cluster_");
    }

    private async Task LookAsync(RunningServer server, int width, ColorScheme theme, string report)
    {
        await using var visit = await app.VisitAsync(server, width, theme);
        var faults = new List<string>();
        await visit.GoAsync("/projects/SHOP/analyses/new?dataset=shoppers");
        await visit.Page.GetByText("Groups of rows that are alike").ClickAsync();
        await visit.Page.GetByLabel("Most clusters").WaitForAsync();
        await CheckAsync(visit, "new", width, theme, faults);
        foreach (var (name, path) in new[] { ("task", report[..report.IndexOf("/models/", StringComparison.Ordinal)]), ("report", report), ("service", "/projects/SHOP/services/shop") })
        {
            await visit.GoAsync(path);
            await CheckAsync(visit, name, width, theme, faults);
        }

        faults.AddRange(visit.Troubles);
        faults.ShouldBeEmpty();
    }

    private static async Task CheckAsync(Visit visit, string name, int width, ColorScheme theme, List<string> faults)
    {
        await visit.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(DemoApp.Screenshots, $"50-clusters-{name}-{width}-{theme.ToString().ToLowerInvariant()}.png"), FullPage = true });
        if (await visit.OverflowAsync() is > 0 and var overflow) faults.Add($"{name} at {width}: {overflow} px too wide");
        faults.AddRange((await visit.CutOffAsync()).Select(text => $"{name}: {text}"));
        faults.AddRange((await visit.FaintTextsAsync()).Select(text => $"{name}: contrast {text}"));
    }

    private static string Shoppers(int rows)
    {
        var random = new Random(3);
        var csv = new StringBuilder("name,visits,basket,channel\n");
        for (var row = 0; row < rows; row++)
        {
            var (visits, basket, channel) = s_groups[row % 3];
            csv.Append(CultureInfo.InvariantCulture, $"n{row:D4},{visits + random.Next(3)},{basket * (0.9 + (random.NextDouble() * 0.2)):0.00},{channel}\n");
        }

        return csv.ToString();
    }
}
