using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Peregrine.Hosting.Tests;

/// <summary>A real server on a free port of loopback, with the defaults of a node.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private TestNode(WebApplication app, CapturedLogs logs)
    {
        App = app;
        Logs = logs;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Address = new Uri(address);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    public WebApplication App { get; }

    public CapturedLogs Logs { get; }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public static async Task<TestNode> StartAsync(
        Action<WebApplication>? map = null, Action<IServiceCollection>? services = null, Action<NodeOptions>? options = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var logs = new CapturedLogs();
        builder.Logging.AddProvider(logs);
        builder.Services.AddRouting();
        builder.AddNodeDefaults(options);
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseNodeDefaults();
        map?.Invoke(app);
        await app.StartAsync();
        return new TestNode(app, logs);
    }

    /// <summary>Sends these bytes and returns all that comes back until the server closes.</summary>
    public async Task<string> ExchangeAsync(string head, byte[]? body = null)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(Address.Host, Address.Port, TestContext.Current.CancellationToken);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head), TestContext.Current.CancellationToken);
        if (body is not null) await stream.WriteAsync(body, TestContext.Current.CancellationToken);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, TestContext.Current.CancellationToken);
        return Unchunked(Encoding.UTF8.GetString(answer.ToArray()));
    }

    private static string Unchunked(string answer)
    {
        var body = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        if (!answer[..body].Contains("Transfer-Encoding: chunked", StringComparison.Ordinal)) return answer;
        var text = new StringBuilder(answer[..body]);
        while (true)
        {
            var line = answer.IndexOf("\r\n", body, StringComparison.Ordinal);
            var length = Convert.ToInt32(answer[body..line], 16);
            if (length == 0) return text.ToString();
            text.Append(answer.AsSpan(line + 2, length));
            body = line + 2 + length + 2;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.DisposeAsync();
    }
}
