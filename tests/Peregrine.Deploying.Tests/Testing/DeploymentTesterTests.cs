using System.Net;
using Peregrine.Deploying.Tests.Nodes;
using Peregrine.Serving.Tests;

namespace Peregrine.Deploying.Tests.Testing;

public sealed class DeploymentTesterTests
{
    [Fact]
    public async Task TestQueries_OfTheVersion_AreAnsweredByTheNode()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);

        var report = (await deployer.PostAsync("/deployments/d1/actions/run-test-queries")).ShouldSucceed().Json;

        report["success"]!.GetValue<bool>().ShouldBeTrue();
        report["endpointId"]!.GetValue<string>().ShouldBe("score");
        report["results"]![0]!["answer"]!["result"]!["prediction"].ShouldNotBeNull();
        report["results"]![0]!["answer"]!["apiContext"]!["serviceGeneration"]!.GetValue<string>().ShouldBe("v1");
    }

    [Fact]
    public async Task TestQueries_OfAServiceBehindAKey_AreAnsweredThroughTheDeployer()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync(node);
        await deployer.AddServiceAsync();
        (await deployer.ImportAsync(new TestPackage { Authorization = TestPackage.ByKey() }.Write())).ShouldSucceed();
        await deployer.AddDeploymentAsync();
        await deployer.UpdateAsync();
        (await deployer.GenerationOnAsync(node)).ShouldBeNull();

        (await deployer.PostAsync("/deployments/d1/actions/run-test-queries?endpointIdParam=score")).ShouldSucceed().Json["success"]!
            .GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Queries_InALongQueryStringWithNaN_AreAnswered()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        var one = "{\"q\":{\"features\":" + TestPackage.GoodFeatures.Replace("12.5", "NaN", StringComparison.Ordinal) + "}}";
        var queries = Uri.EscapeDataString($"[{string.Join(",", Enumerable.Repeat(one, 100))}]");

        var report = (await deployer.PostAsync($"/deployments/d1/actions/run-queries?queries={queries}&adaptQueryForInfraType=True")).ShouldSucceed().Json;

        queries.Length.ShouldBeGreaterThan(8192);
        report["results"]!.AsArray().Count.ShouldBe(100);
        report["success"]!.GetValue<bool>().ShouldBeTrue(report.ToJsonString());
    }

    [Fact]
    public async Task Queries_ThatTheEndpointRefuses_AreReportedWithItsAnswer()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        var queries = Uri.EscapeDataString("""[{"q":{"features":{"nonsense":1}}}]""");

        var report = (await deployer.PostAsync($"/deployments/d1/actions/run-queries?queries={queries}")).ShouldSucceed().Json;

        report["success"]!.GetValue<bool>().ShouldBeFalse();
        report["results"]![0]!["status"]!.GetValue<int>().ShouldBe(400);
        report["results"]![0]!["answer"]!["errorType"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Queries_WithOneNodeDown_GoToTheOther()
    {
        await using var dead = await ApiNode.StartAsync();
        await using var alive = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(dead, alive);
        await dead.StopAsync();

        (await deployer.PostAsync("/deployments/d1/actions/run-test-queries")).ShouldSucceed().Text("nodeUrl").ShouldBe(alive.Url);
        await alive.StopAsync();
        (await deployer.PostAsync("/deployments/d1/actions/run-test-queries")).ShouldFail(HttpStatusCode.BadGateway, "NoNodeAnswers");
    }

    [Theory]
    [InlineData("run-queries", HttpStatusCode.BadRequest, "BadQueryParameter")]
    [InlineData("run-queries?queries=%7B%7D", HttpStatusCode.BadRequest, "BadQueryParameter")]
    [InlineData("run-queries?queries=%5B%7B%22features%22%3A1%7D%5D", HttpStatusCode.BadRequest, "InvalidSettings")]
    [InlineData("run-queries?queries=%5Bnope", HttpStatusCode.BadRequest, "BadQueryParameter")]
    [InlineData("run-test-queries?endpointIdParam=scor", HttpStatusCode.NotFound, "EndpointNotFound")]
    public async Task Queries_ThatCannotBeRun_AreRefused(string call, HttpStatusCode status, string errorType)
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);

        (await deployer.PostAsync($"/deployments/d1/actions/{call}")).ShouldFail(status, errorType);
    }

    [Fact]
    public async Task OpenApi_OfADeployment_IsTheDocumentOfItsVersion()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync(node);
        await deployer.AddServiceAsync("v1");
        await deployer.AddDeploymentAsync();
        (await deployer.GetAsync("/deployments/d1/get-open-api")).ShouldFail(HttpStatusCode.NotFound, "NotDeployed");
        await deployer.UpdateAsync();

        var document = (await deployer.GetAsync("/deployments/d1/get-open-api")).ShouldSucceed().Json;

        document["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        document["info"]!["version"]!.GetValue<string>().ShouldBe("v1");
        document["paths"]!["/score/predict"].ShouldNotBeNull();
    }
}
