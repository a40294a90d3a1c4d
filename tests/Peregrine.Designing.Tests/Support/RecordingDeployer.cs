using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Packages.Archives;

namespace Peregrine.Designing.Tests.Support;

/// <summary>A real HTTP server with the two calls that a publication makes; it opens the archives it is sent.</summary>
internal sealed class RecordingDeployer : IAsyncDisposable
{
    public const string Key = "deployer-key-0123456789";
    private readonly WebApplication _app;

    private RecordingDeployer(WebApplication app)
    {
        _app = app;
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public Uri Url { get; }

    public ConcurrentDictionary<string, ConcurrentDictionary<string, byte[]>> Services { get; } = new();

    /// <summary>Answered to the upload instead of taking it.</summary>
    public (int Status, string Body)? Refusal { get; set; }

    public static async Task<RecordingDeployer> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        RecordingDeployer? deployer = null;
        app.Use((context, next) =>
        {
            if (context.Request.Headers.Authorization == $"Bearer {Key}") return next(context);
            context.Response.StatusCode = 401;
            return context.Response.WriteAsync("""{"errorType":"Unauthorized","message":"This call needs a key."}""");
        });
        app.MapGet("/dip/publicapi/api-deployer/services/{id}", (string id) =>
            deployer!.Services.ContainsKey(id) ? Results.Text("{}", "application/json") : Results.NotFound());
        app.MapPost("/dip/publicapi/api-deployer/services", (NewService service) =>
        {
            deployer!.Services[service.PublishedServiceId] = new();
            return Results.Text("{}", "application/json");
        });
        app.MapPost("/dip/publicapi/api-deployer/services/{id}/versions", (string id, HttpRequest request) => deployer!.TakeAsync(id, request));
        await app.StartAsync();
        return deployer = new RecordingDeployer(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task<IResult> TakeAsync(string id, HttpRequest request)
    {
        if (Refusal is { } refusal) return Results.Text(refusal.Body, "application/json", statusCode: refusal.Status);
        var form = await request.ReadFormAsync();
        using var content = new MemoryStream();
        await form.Files.GetFile("file")!.CopyToAsync(content);
        content.Position = 0;
        using var reader = PackageReader.Open(content);
        Services[id][reader.Manifest.VersionId] = content.ToArray();
        return Results.Text("""{"ok":true}""", "application/json");
    }

    private sealed record NewService(string PublishedServiceId);
}
