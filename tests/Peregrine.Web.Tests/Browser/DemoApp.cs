using Microsoft.Playwright;
using Peregrine.FunctionalTests;
using Peregrine.FunctionalTests.Processes;

[assembly: AssemblyFixture(typeof(Peregrine.Web.Tests.Browser.DemoApp))]

namespace Peregrine.Web.Tests.Browser;

/// <summary>The real program with the demo's data, and a real browser, shared by all browser tests; started by the first that asks.</summary>
public sealed class DemoApp : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";

    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly TemporaryFolder _folder = new();
    private RunningServer? _server;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where pictures of the pages go; not in git.</summary>
    public static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screenshots")).FullName;

    public Uri Url => _server!.Url;

    /// <summary>The demo's API node.</summary>
    public Uri NodeUrl => _server!.NodeUrl;

    /// <summary>The key of the demo's service.</summary>
    public string ServiceKey => File.ReadAllText(Path.Combine(_server!.Directory, "demo-service-key")).Trim();

    /// <summary>A request that the demo's service answers.</summary>
    public string Request => File.ReadAllText(Path.Combine(_server!.Directory, "demo-request.json"));

    /// <summary>A verb of the command line against the demo.</summary>
    internal Task<PeregrineResult> RunAsync(params string[] arguments) => _server!.RunAsync(arguments);

    /// <summary>A fresh visitor of the demo. Skips the test on a machine without a browser.</summary>
    public async Task<Visit> VisitAsync(int width = 1440, ColorScheme theme = ColorScheme.Light, bool signedIn = true)
    {
        await StartAsync(withDemo: true);
        var visit = await OpenAsync(Url, width, theme);
        if (signedIn) await visit.SignInAsync(_server!.AdminKey);
        return visit;
    }

    /// <summary>A fresh visitor of the page that the demo's API node shows of its service; nobody has given a key yet.</summary>
    public async Task<Visit> VisitNodeAsync(int width, ColorScheme theme)
    {
        await StartAsync(withDemo: true);
        var visit = await OpenAsync(_server!.NodeUrl, width, theme);
        await visit.Page.GotoAsync("/public/api/v1/fraud/docs");
        return visit;
    }

    /// <summary>A fresh visitor of another server than the demo's.</summary>
    internal async Task<Visit> VisitAsync(RunningServer server, int width, ColorScheme theme)
    {
        await StartAsync(withDemo: false);
        var visit = await OpenAsync(server.Url, width, theme);
        await visit.SignInAsync(server.AdminKey);
        return visit;
    }

    /// <summary>The same at the API node of another server.</summary>
    internal async Task<Visit> VisitNodeAsync(RunningServer server, int width, ColorScheme theme)
    {
        await StartAsync(withDemo: false);
        var visit = await OpenAsync(server.NodeUrl, width, theme);
        await visit.Page.GotoAsync("/public/api/v1/fraud/docs");
        return visit;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
        _starting.Dispose();
    }

    private async Task<Visit> OpenAsync(Uri url, int width, ColorScheme theme)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = width < 500 ? 844 : 900 },
            ColorScheme = theme,
            ReducedMotion = ReducedMotion.Reduce,
            BaseURL = url.ToString(),
        });
        return new Visit(context, await context.NewPageAsync(), url);
    }

    private async Task StartAsync(bool withDemo)
    {
        Assert.SkipUnless(File.Exists(Chromium), $"There is no browser at {Chromium}: apt-get install chromium.");
        await _starting.WaitAsync();
        try
        {
            if (withDemo) _server ??= await RunningServer.StartAsync(_folder["data"], verb: "demo", seconds: 600);
            if (_browser is not null) return;
            Assertions.SetDefaultExpectTimeout(20_000);
            _playwright ??= await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = Arguments });
        }
        finally
        {
            _starting.Release();
        }
    }
}
