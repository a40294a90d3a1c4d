using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Http;

namespace Peregrine.Hosting.Errors;

/// <summary>
/// Puts an error document into the answers that the web server makes itself, to what it cannot read as a request: it tells of them
/// before it sends them, and would send them without a body.
/// </summary>
/// <remarks>Source: the event <c>Microsoft.AspNetCore.Server.Kestrel.BadRequest</c> of Kestrel, with the request's features.</remarks>
internal sealed class ServerRefusals(DiagnosticListener server, IOptions<NodeOptions> options, ILogger<ServerRefusals> log)
    : IHostedService, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string Refused = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = server.Subscribe(this, static name => string.Equals(name, Refused, StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    public void OnCompleted()
    {
        // The server has ended.
    }

    public void OnError(Exception error)
    {
        // The server does not call it.
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Boundary to the server: its own answer is sent when ours cannot be.")]
    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is not { Key: Refused, Value: IFeatureCollection features }) return;
        try
        {
            if (features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException refused) Answer(features, refused);
        }
        catch (Exception fault)
        {
            ErrorLog.Unanswered(log, fault);
        }
    }

    /// <summary>Only HTTP/1.1 has a connection whose last bytes can be written past the server; a refused stream of HTTP/2 or 3 is reset.</summary>
    private void Answer(IFeatureCollection features, BadHttpRequestException refused)
    {
        if (features.Get<IHttp2StreamIdFeature>() is not null || features.Get<IConnectionTransportFeature>()?.Transport.Output is not { } output) return;
        if (features.Get<IHttpResponseFeature>() is not { HasStarted: false } response || features.Get<IHttpResponseBodyFeature>() is not { } start) return;
        var request = features.Get<IHttpRequestFeature>();
        var body = ApiErrorWriter.ToUtf8(ServerErrors.For(refused, options.Value), request?.Path is ['/', ..] path ? new PathString(path) : default);
        response.Headers.Connection = "close";
        response.Headers[VersionHeaderMiddleware.Header] = VersionHeaderMiddleware.Version;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentType = ApiErrorWriter.ContentType;
        response.Headers.ContentLength = body.Length;
        if (string.Equals(request?.Method, HttpMethods.Head, StringComparison.OrdinalIgnoreCase)) return;
        _ = SendAsync(start, output, body);
    }

    /// <summary>Ends at once, or when the caller reads on. Nobody waits for it: the connection ends with it. The server has no writer for a body before a request is read.</summary>
    private async Task SendAsync(IHttpResponseBodyFeature start, PipeWriter output, byte[] body)
    {
        try
        {
            await start.StartAsync();
            await output.WriteAsync(body);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or InvalidOperationException)
        {
            ErrorLog.Unanswered(log, fault);
        }
    }
}
