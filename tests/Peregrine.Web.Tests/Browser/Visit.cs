using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Peregrine.Web.Tests.Browser;

/// <summary>One visitor's window. It notes what should never happen: errors in the console, refused requests, requests to elsewhere.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _troubles = [];

    public Visit(IBrowserContext context, IPage page, Uri home)
    {
        _context = context;
        Page = page;
        page.SetDefaultTimeout(30_000);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") _troubles.Enqueue($"console: {message.Text}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400) _troubles.Enqueue($"{response.Status}: {response.Url}");
        };
        page.Request += (_, request) =>
        {
            var address = new Uri(request.Url);
            if (address.Scheme is not ("data" or "blob") && address.Authority != home.Authority) _troubles.Enqueue($"left the machine: {request.Url}");
        };
    }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Troubles => _troubles;

    public async Task SignInAsync(string key)
    {
        await Page.GotoAsync("/signin");
        await Page.GetByLabel("API key").FillAsync(key);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Heading("Projects").WaitForAsync();
        // The first markup is drawn anew when the live line stands: what is opened before that closes again.
        await ReadyAsync();
    }

    /// <summary>Opens a page and waits until its data is there and its live line stands.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await ReadyAsync();
    }

    public async Task ReadyAsync()
    {
        await Page.WaitForFunctionAsync("() => document.querySelector('h1') && !document.querySelector('.skeleton') && window.Blazor && document.querySelector('[data-live]')");
        await Page.EvaluateAsync("() => document.fonts.ready");
    }

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Level = 1, Exact = true });

    /// <summary>How many pixels the page is wider than the window.</summary>
    public Task<int> OverflowAsync() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth");

    /// <summary>What of a panel's head lies over its neighbour, and the tables meant for a phone that need scrolling sideways.</summary>
    public Task<string[]> CutOffAsync() => Page.EvaluateAsync<string[]>("""
        () => {
          const wide = [...document.querySelectorAll('.drift-wrap')].filter(box => window.innerWidth < 700 && box.scrollWidth > box.clientWidth + 1).map(() => 'a table is cut');
          const over = [...document.querySelectorAll('.panel-head')].flatMap(head => [...head.children].filter(child => child.scrollWidth > child.clientWidth + 1 && child.matches('h2, h3') && !child.matches('.clip')))
            .map(child => 'a heading is cut: ' + child.textContent);
          return [...wide, ...over];
        }
        """);

    public Task PictureAsync(string name) => Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(DemoApp.Screenshots, name + ".png") });

    /// <summary>Texts whose contrast is below AA (4.5, or 3 for large text), as "contrast: text".</summary>
    public Task<string[]> FaintTextsAsync() => Page.EvaluateAsync<string[]>(Contrast.Script);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
