using System.Net;

namespace Peregrine.Serving.Tests.Predictions;

public sealed class OpenApiTests
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
}
