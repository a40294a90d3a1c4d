using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Peregrine.Hosting.Tests.Errors;

/// <summary>What the web server itself refuses, as the bytes that a client sees.</summary>
public sealed class ServerRefusalsTests
{
    private const string Host = "Host: node\r\n";

    public static TheoryData<string, int, string, string> Refused() => new()
    {
        { "nonsense\r\n\r\n", 400, "MalformedRequest", "no request of HTTP/1.1" },
        { "GET /livez HTTP/1.1\r\nHost: node\r\nno colon\r\n\r\n", 400, "MalformedRequest", "Invalid request header" },
        { "GET /livez HTTP/1.1\r\n\r\n", 400, "MalformedRequest", "Host" },
        { "POST /livez HTTP/1.1\r\nHost: node\r\nContent-Length: nine\r\n\r\n", 400, "MalformedRequest", "length" },
        { $"GET /{new string('a', 9_000)} HTTP/1.1\r\n{Host}\r\n", 414, "RequestLineTooLong", "more than 8,192 bytes" },
        { $"GET /livez HTTP/1.1\r\n{Host}X: {new string('a', 9_000)}\r\n\r\n", 431, "HeadersTooLarge", "together more than 8,192 bytes" },
        { $"GET /livez HTTP/1.1\r\n{Host}{string.Concat(Enumerable.Repeat("X: 1\r\n", 20))}\r\n", 431, "HeadersTooLarge", "more than 16" },
        { $"GET /livez HTTP/3.7\r\n{Host}\r\n", 505, "RequestRefused", "" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Request_ThatTheServerRefuses_IsAnsweredByAnErrorDocument(string request, int status, string errorType, string told)
    {
        await using var node = await StartAsync();

        var answer = await node.ExchangeAsync(request);

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldContain("Content-Type: application/problem+json");
        answer.ShouldContain("Peregrine-Version: ");
        var document = JsonNode.Parse(answer[answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)..])!;
        ((int)document["status"]!).ShouldBe(status);
        ((string?)document["errorType"]).ShouldBe(errorType);
        ((string?)document["detailedMessage"])!.ShouldContain(told);
        document["error"].ShouldBeNull();
        node.Logs.Lines.ShouldNotContain(line => line.Contains("without an error document", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refusal_OnAPathOfOpenInference_HasItsMember()
    {
        await using var node = await StartAsync();

        var answer = await node.ExchangeAsync($"GET /v2/models HTTP/1.1\r\n{Host}X: {new string('a', 9_000)}\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 431 ");
        answer.ShouldContain("\"error\":");
    }

    [Fact]
    public async Task Refusal_OfHead_HasNoBody()
    {
        await using var node = await StartAsync();

        var answer = await node.ExchangeAsync($"HEAD /livez HTTP/1.1\r\n{Host}X: {new string('a', 9_000)}\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 431 ");
        answer.ShouldEndWith("\r\n\r\n");
    }

    [Fact]
    public async Task SecondRequest_OnAConnection_IsRefusedAfterTheFirstIsAnswered()
    {
        await using var node = await StartAsync();

        var answer = await node.ExchangeAsync($"GET /livez HTTP/1.1\r\n{Host}\r\nnonsense\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 200 ");
        answer.ShouldContain("\nHTTP/1.1 400 ");
        answer.ShouldEndWith("}");
    }

    [Fact]
    public async Task Headers_ThatComeTooSlowly_AreAnswered408()
    {
        await using var node = await StartAsync();

        var answer = await node.ExchangeAsync("GET /livez HTTP/1.1\r\nHost: no");

        answer.ShouldStartWith("HTTP/1.1 408 ");
        answer.ShouldContain("\"errorType\":\"HeadersTooSlow\"");
        answer.ShouldContain("within 1 s");
    }

    [Fact]
    public async Task IdleConnection_IsClosedAfterItsTime()
    {
        await using var node = await StartAsync();

        var answer = await node.ExchangeAsync($"GET /livez HTTP/1.1\r\n{Host}\r\n");

        answer.ShouldStartWith("HTTP/1.1 200 ");
        answer.ShouldEndWith("ok\n");
    }

    [Fact]
    public async Task Connection_AboveTheLimit_IsClosedAtOnce()
    {
        await using var node = await TestNode.StartAsync(options: options => options.MaxConnections = 1);
        using var first = new TcpClient();
        await first.ConnectAsync(node.Address.Host, node.Address.Port, TestContext.Current.CancellationToken);
        await first.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /livez HTTP/1.1\r\n{Host}\r\n"), TestContext.Current.CancellationToken);
        (await first.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken)).ShouldBe(1);

        using var second = new TcpClient();
        await second.ConnectAsync(node.Address.Host, node.Address.Port, TestContext.Current.CancellationToken);
        await Should.ThrowAsync<IOException>(async () =>
        {
            if (await second.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken) == 0) throw new IOException("closed");
        });
    }

    [Fact]
    public async Task Body_ThatComesTooSlowly_IsAnswered408()
    {
        await using var node = await TestNode.StartAsync(
            app => app.MapPost("/echo", async (HttpRequest request, CancellationToken token) => (await Peregrine.Hosting.Http.JsonBody.ReadObjectAsync(request, token)).Count),
            options: options => options.MinRequestBodyBytesPerSecond = 1_000_000);

        var answer = await node.ExchangeAsync($"POST /echo HTTP/1.1\r\n{Host}Content-Length: 100\r\n\r\n{{\"a\":");

        answer.ShouldStartWith("HTTP/1.1 408 ");
        answer.ShouldContain("\"errorType\":\"RequestTimeout\"");
    }

    private static Task<TestNode> StartAsync() => TestNode.StartAsync(options: options =>
    {
        (options.MaxRequestLineBytes, options.MaxRequestHeadersBytes, options.MaxRequestHeaders) = (8 * 1024, 8 * 1024, 16);
        (options.RequestHeadersTimeout, options.KeepAliveTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    });
}
