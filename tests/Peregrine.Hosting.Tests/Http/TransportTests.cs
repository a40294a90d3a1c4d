using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Http;

namespace Peregrine.Hosting.Tests.Http;

/// <summary>The oddities of real clients, as the bytes they send.</summary>
public sealed class TransportTests
{
    private const string End = "Host: node\r\nConnection: close\r\n\r\n";

    [Theory]
    [InlineData("//public/api/v1/fraud")]
    [InlineData("/public//api///v1/fraud")]
    [InlineData("/public/api/v1/fraud/")]
    [InlineData("//public/api/v1/fraud//")]
    public async Task Path_WithDoubledOrTrailingSlashes_ReachesTheHandlerWithoutRedirect(string path)
    {
        await using var node = await TestNode.StartAsync(app => app.MapPost("/public/api/v1/{service}", (string service) => service));

        var answer = await node.ExchangeAsync($"POST {path} HTTP/1.1\r\nContent-Length: 0\r\n{End}");

        answer.ShouldStartWith("HTTP/1.1 200");
        answer.ShouldEndWith("fraud");
    }

    [Fact]
    public async Task RequestLine_OfNearlyOneMegabyte_IsTaken()
    {
        await using var node = await TestNode.StartAsync(
            app => app.MapPost("/run", (HttpRequest request) => QueryValues.Json(request, "queries")!.AsArray().Count.ToString()));
        var queries = "[" + string.Join(',', Enumerable.Repeat("{%22q%22:1}", 80_000)) + "]";

        var answer = await node.ExchangeAsync($"POST /run?queries={queries} HTTP/1.1\r\nContent-Length: 0\r\n{End}");

        answer.ShouldStartWith("HTTP/1.1 200");
        answer.ShouldEndWith("80000");
    }

    [Theory]
    [InlineData("", "{\"a\":1}", "{\"a\":1}")]
    [InlineData("Content-Type: text/plain\r\n", "{\"a\":1}", "{\"a\":1}")]
    [InlineData("Content-Type: application/json\r\n", "", "{}")]
    [InlineData("", "", "{}")]
    [InlineData("", "  \r\n", "{}")]
    [InlineData("", "{\"a\":NaN,\"b\":[-Infinity,Infinity],\"c\":\"NaN \\\" Infinity\"}", "{\"a\":null,\"b\":[null,null],\"c\":\"NaN \\\" Infinity\"}")]
    public async Task JsonBody_OfAnyContentType_IsRead(string contentType, string body, string expected)
    {
        await using var node = await TestNode.StartAsync(app => app.MapPost("/echo", EchoAsync));

        var answer = await node.ExchangeAsync($"POST /echo HTTP/1.1\r\n{contentType}Content-Length: {body.Length}\r\n{End}{body}");

        answer.ShouldStartWith("HTTP/1.1 200");
        answer.ShouldEndWith("\r\n\r\n" + expected);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task JsonBody_OnGetAndDelete_IsRead(string method)
    {
        await using var node = await TestNode.StartAsync(app => app.MapMethods("/echo", [method], EchoAsync));

        var answer = await node.ExchangeAsync($"{method} /echo HTTP/1.1\r\nContent-Length: 7\r\n{End}{{\"a\":1}}");

        answer.ShouldEndWith("\r\n\r\n{\"a\":1}");
    }

    [Theory]
    [InlineData("{\"a\":", "line 1")]
    [InlineData("{\"a\":\n nope}", "line 2, byte 3")]
    [InlineData("[1]", "object")]
    [InlineData("{\"a\":1,\"a\":2}", "'a'")]
    public async Task JsonBody_ThatCannotBeRead_Answers400WithThePlace(string body, string told)
    {
        await using var node = await TestNode.StartAsync(app => app.MapPost("/echo", EchoAsync));

        var answer = await node.ExchangeAsync($"POST /echo HTTP/1.1\r\nContent-Length: {body.Length}\r\n{End}{body}");

        answer.ShouldStartWith("HTTP/1.1 400");
        answer.ShouldContain("\"errorType\":\"MalformedJson\"");
        answer.ShouldContain(told);
    }

    [Fact]
    public async Task JsonBody_AboveItsLimit_Answers413()
    {
        await using var node = await TestNode.StartAsync(app => app.MapPost("/echo", EchoAsync));

        var body = new byte[JsonBody.DefaultLimit + 1];
        using var answer = await node.Http.PostAsync("/echo", new ByteArrayContent(body), TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(413);
    }

    [Fact]
    public async Task JsonBody_AboveItsLimitInChunks_Answers413()
    {
        await using var node = await TestNode.StartAsync(app => app.MapPost(
            "/small", async (HttpRequest request, CancellationToken token) => (await JsonBody.ReadObjectAsync(request, token, limit: 10)).Count));

        var answer = await node.ExchangeAsync(
            $"POST /small HTTP/1.1\r\nTransfer-Encoding: chunked\r\n{End}15\r\n{{\"a\":\"0123456789012\"}}\r\n0\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 413");
    }

    [Theory]
    [InlineData("?flag=True", true)]
    [InlineData("?flag=true", true)]
    [InlineData("?flag=False", false)]
    [InlineData("?flag=", false)]
    [InlineData("", false)]
    public async Task QueryBoolean_AsPythonWritesIt_IsUnderstood(string query, bool expected)
    {
        await using var node = await TestNode.StartAsync(
            app => app.MapPost("/go", (HttpRequest request) => QueryValues.Boolean(request, "flag").ToString()));

        var answer = await node.ExchangeAsync($"POST /go{query} HTTP/1.1\r\nContent-Length: 0\r\n{End}");

        answer.ShouldEndWith(expected.ToString());
    }

    [Fact]
    public async Task QueryBoolean_OfAnotherWord_Answers400()
    {
        await using var node = await TestNode.StartAsync(
            app => app.MapPost("/go", (HttpRequest request) => QueryValues.Boolean(request, "flag")));

        var answer = await node.ExchangeAsync($"POST /go?flag=maybe HTTP/1.1\r\nContent-Length: 0\r\n{End}");

        answer.ShouldStartWith("HTTP/1.1 400");
        answer.ShouldContain("flag");
    }

    [Fact]
    public async Task Answer_TellsTheVersionOfTheServer_AndNotItsMake()
    {
        await using var node = await TestNode.StartAsync();

        var answer = await node.ExchangeAsync($"GET /livez HTTP/1.1\r\n{End}");

        answer.ShouldContain("Peregrine-Version: 0.1.0");
        answer.ShouldNotContain("Kestrel");
    }

    private static async Task<JsonNode> EchoAsync(HttpRequest request, CancellationToken cancellationToken) =>
        await JsonBody.ReadObjectAsync(request, cancellationToken);
}
