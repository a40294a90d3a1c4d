using System.Net;

namespace Peregrine.Serving.Tests.OpenApi;

public sealed class ServiceDocumentTests
{
    [Theory]
    [InlineData("openapi.json")]
    [InlineData("swagger")]
    public async Task Document_OfAService_DescribesItsEndpointsBehindItsKey(string name)
    {
        await using var node = await new ApiNodeBuilder().WithService("fraud-eu", new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        (await node.GetAsync($"public/api/v1/fraud-eu/{name}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var document = (await node.GetAsync($"public/api/v1/fraud-eu/{name}", TestPackage.Key)).ShouldSucceed().Json;
        ((string?)document["openapi"]).ShouldBe("3.1.0");
        document["paths"]!["/score/predict"].ShouldNotBeNull();
        ((string?)document["servers"]![0]!["url"]).ShouldBe("/public/api/v1/fraud-eu");
    }

    [Fact]
    public async Task Document_AskedForAgain_IsNotSentAgainUntilItChanges()
    {
        await using var node = await new ApiNodeBuilder().WithService().WithGeneration(new TestPackage { Version = "v2" }).StartAsync();
        using var first = await node.Http.GetAsync("public/api/v1/fraud/openapi.json");
        var tag = first.Headers.ETag.ShouldNotBeNull();
        (await AskAsync(node, tag)).ShouldBe(HttpStatusCode.NotModified);
        await node.SwitchAsync("v2");
        (await AskAsync(node, tag)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("public/api/v1/fraud/")]
    [InlineData("public/api/v1/fraud/docs")]
    public async Task Page_OfAService_IsShownWithoutAKeyAndAsksNobodyElse(string path)
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        using var page = await node.Http.GetAsync(path);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; connect-src 'self'");
        var text = await page.Content.ReadAsStringAsync();
        text.ShouldNotContain("http://");
        text.ShouldNotContain("https://");
        (await node.GetAsync("public/api/v1/nobody/")).ShouldFail(HttpStatusCode.NotFound, "ServiceNotFound");
    }

    private static async Task<HttpStatusCode> AskAsync(TestNode node, System.Net.Http.Headers.EntityTagHeaderValue tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "public/api/v1/fraud/openapi.json");
        request.Headers.IfNoneMatch.Add(tag);
        using var answer = await node.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
