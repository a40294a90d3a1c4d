using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Peregrine.Serving.Tests.QueryLog;

/// <summary>A real server that keeps what is posted to it.</summary>
internal sealed class EventReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EventReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<(string ContentType, string Body)> Calls { get; } = new();

    /// <summary>Answers of the next calls; when none is left, 200.</summary>
    public ConcurrentQueue<(int Status, string Body)> Answers { get; } = new();

    public string Url => _app.Urls.First() + "/events";

    public static async Task<EventReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new EventReceiver(app);
        app.MapPost("/events", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        Calls.Enqueue((request.ContentType ?? "", await reader.ReadToEndAsync()));
        return Answers.TryDequeue(out var answer) ? Results.Text(answer.Body, statusCode: answer.Status) : Results.Ok();
    }
}
