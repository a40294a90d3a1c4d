using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Peregrine.Hosting.Futures;

namespace Peregrine.Deploying.Tests.Futures;

/// <summary>The futures routes alone, on a free loopback port, with a clock that tests move.</summary>
internal sealed class FuturesApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FuturesApp(WebApplication app) => _app = app;

    public FakeTimeProvider Time { get; private init; } = new();

    public required HttpClient Http { get; init; }

    public FutureRegistry Registry => _app.Services.GetRequiredService<FutureRegistry>();

    public static async Task<FuturesApp> StartAsync()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2025, 6, 1, 0, 0, 0, TimeSpan.Zero));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddFutures();
        builder.Services.AddFutures();
        var app = builder.Build();
        app.MapFutures();
        app.MapFutures();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new FuturesApp(app) { Time = time, Http = new HttpClient { BaseAddress = new Uri(address) } };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
