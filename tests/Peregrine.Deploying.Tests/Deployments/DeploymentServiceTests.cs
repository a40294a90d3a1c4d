using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Peregrine.Deploying.Tests.Nodes;

namespace Peregrine.Deploying.Tests.Deployments;

public sealed class DeploymentServiceTests
{
    [Theory]
    [InlineData("""{"deploymentId":"d 1","publishedServiceId":"fraud","infraId":"dev","version":"v1"}""", HttpStatusCode.BadRequest, "InvalidSettings")]
    [InlineData("""{"deploymentId":"d1","publishedServiceId":"nope","infraId":"dev","version":"v1"}""", HttpStatusCode.NotFound, "ServiceNotFound")]
    [InlineData("""{"deploymentId":"d1","publishedServiceId":"fraud","infraId":"nope","version":"v1"}""", HttpStatusCode.NotFound, "InfrastructureNotFound")]
    [InlineData("""{"deploymentId":"d1","publishedServiceId":"fraud","infraId":"dev","version":"v9"}""", HttpStatusCode.BadRequest, "InvalidSettings")]
    [InlineData("""{"publishedServiceId":"fraud","infraId":"dev","version":"v1"}""", HttpStatusCode.BadRequest, "MalformedJson")]
    public async Task Create_WithBadInput_IsRefusedAndStoresNothing(string body, HttpStatusCode status, string errorType)
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync();
        await deployer.AddServiceAsync("v1");

        (await deployer.PostAsync("/deployments?ignoreWarnings=False", body)).ShouldFail(status, errorType);

        (await deployer.GetAsync("/deployments")).Json.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Create_OfASecondOneOfTheService_NeedsAnotherIdOnTheNodes()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync();
        await deployer.AddServiceAsync("v1");
        await deployer.AddDeploymentAsync();

        (await deployer.PostAsync("/deployments", """{"deploymentId":"d2","publishedServiceId":"fraud","infraId":"dev","version":"v1"}"""))
            .ShouldFail(HttpStatusCode.Conflict, "ServiceIdTaken");
        (await deployer.PostAsync("/deployments", """{"deploymentId":"d2","publishedServiceId":"fraud","infraId":"dev","version":"v1","deployedServiceId":"fraud-b"}"""))
            .ShouldSucceed().Text("deploymentBasicInfo", "deployedServiceId").ShouldBe("fraud-b");
    }

    [Fact]
    public async Task Settings_WithUnknownMembers_KeepThem()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync();
        await deployer.AddServiceAsync("v1");
        await deployer.AddDeploymentAsync();
        var settings = (await deployer.GetAsync("/deployments/d1/settings")).Json;
        settings["auditLogSettings"] = new JsonObject { ["routingKey"] = "r" };
        settings["generationsMapping"]!["comment"] = "why";

        (await deployer.PutAsync("/deployments/d1/settings?ignoreWarnings=False", settings.ToJsonString())).ShouldSucceed();

        var stored = (await deployer.GetAsync("/deployments/d1/settings")).Json;
        stored["auditLogSettings"]!["routingKey"]!.GetValue<string>().ShouldBe("r");
        stored["generationsMapping"]!["comment"]!.GetValue<string>().ShouldBe("why");
    }

    [Theory]
    [InlineData("""{"mode":"SINGLE_GENERATION","generation":"v9"}""", "/generationsMapping/generation")]
    [InlineData("""{"mode":"SINGLE_GENERATION"}""", "/generationsMapping/generation")]
    [InlineData("""{"mode":"MULTI_GENERATION","entries":[]}""", "/generationsMapping/entries")]
    [InlineData("""{"mode":"MULTI_GENERATION","entries":[{"generation":"v1","proba":0.4},{"generation":"v2","proba":0.4}]}""", "/generationsMapping/entries")]
    [InlineData("""{"mode":"MULTI_GENERATION","entries":[{"generation":"v1","proba":0.5},{"generation":"v1","proba":0.5}]}""", "/generationsMapping/entries")]
    [InlineData("""{"mode":"MULTI_GENERATION","entries":[{"generation":"v1","proba":1.5},{"generation":"v2","proba":-0.5}]}""", "/generationsMapping/entries/0/proba")]
    public async Task Settings_WithABadMapping_PointAtTheFault(string mapping, string pointer)
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync();
        await deployer.AddServiceAsync("v1", "v2");
        await deployer.AddDeploymentAsync();
        var settings = (await deployer.GetAsync("/deployments/d1/settings")).Json;
        settings["generationsMapping"] = JsonNode.Parse(mapping);

        var refused = (await deployer.PutAsync("/deployments/d1/settings", settings.ToJsonString())).ShouldFail(HttpStatusCode.BadRequest, "InvalidSettings");

        refused.Json["errors"]![0]!["pointer"]!.GetValue<string>().ShouldBe(pointer);
        (await deployer.GetAsync("/deployments/d1/settings")).Text("generationsMapping", "generation").ShouldBe("v1");
    }

    [Theory]
    [InlineData("id")]
    [InlineData("infraId")]
    [InlineData("publishedServiceId")]
    public async Task Settings_OfAnotherDeployment_AreRefused(string member)
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync();
        await deployer.AddServiceAsync("v1");
        await deployer.AddDeploymentAsync();
        var settings = (await deployer.GetAsync("/deployments/d1/settings")).Json;
        settings[member] = "other";

        (await deployer.PutAsync("/deployments/d1/settings", settings.ToJsonString())).ShouldFail(HttpStatusCode.BadRequest, "InvalidSettings");
    }

    [Fact]
    public async Task Settings_BasedOnAnOldRevision_AreRefusedWith412()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync();
        await deployer.AddServiceAsync("v1", "v2");
        await deployer.AddDeploymentAsync();
        var read = await deployer.GetAsync("/deployments/d1/settings");
        await deployer.SetVersionAsync("v2");
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"{deployer.Url}{Deployer.Base}/deployments/d1/settings")) { Content = new StringContent(read.Body) };
        request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(read.ETag!));

        using var response = await deployer.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await deployer.GetAsync("/deployments/d1/settings")).Text("generationsMapping", "generation").ShouldBe("v2");
    }

    [Fact]
    public async Task Delete_OfAnEnabledOne_WantsItDisabledFirstAndThenCleansTheNodes()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);

        (await deployer.DeleteAsync("/deployments/d1?ignorePreDeleteErrors=False")).ShouldFail(HttpStatusCode.Conflict, "DeploymentEnabled");
        (await deployer.GenerationOnAsync(node)).ShouldBe("v1");
        var settings = (await deployer.GetAsync("/deployments/d1/settings")).Json;
        settings["enabled"] = false;
        (await deployer.PutAsync("/deployments/d1/settings", settings.ToJsonString())).ShouldSucceed();
        (await deployer.DeleteAsync("/deployments/d1?ignorePreDeleteErrors=False")).ShouldSucceed();

        (await deployer.GetAsync("/deployments/d1")).ShouldFail(HttpStatusCode.NotFound, "DeploymentNotFound");
        (await deployer.GenerationOnAsync(node)).ShouldBeNull();
    }

    [Fact]
    public async Task Delete_WithADeadNode_IsRefusedUnlessErrorsAreIgnored()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        var settings = (await deployer.GetAsync("/deployments/d1/settings")).Json;
        settings["enabled"] = false;
        (await deployer.PutAsync("/deployments/d1/settings", settings.ToJsonString())).ShouldSucceed();
        await node.StopAsync();

        (await deployer.DeleteAsync("/deployments/d1?ignorePreDeleteErrors=False")).ShouldFail(HttpStatusCode.BadGateway, "PreDeleteFailed").Text("detailedMessage")!.ShouldContain(node.Url);
        (await deployer.GetAsync("/deployments/d1")).ShouldSucceed();
        (await deployer.DeleteAsync("/deployments/d1?ignorePreDeleteErrors=True")).ShouldSucceed();
        (await deployer.GetAsync("/deployments")).Json.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Update_OfADisabledOne_StopsTheAnswersAndEnablingBringsThemBack()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        var settings = (await deployer.GetAsync("/deployments/d1/settings")).Json;
        settings["enabled"] = false;
        (await deployer.PutAsync("/deployments/d1/settings", settings.ToJsonString())).ShouldSucceed();

        (await deployer.UpdateAsync()).Text("result", "status").ShouldBe("DONE");
        (await deployer.GenerationOnAsync(node)).ShouldBeNull();
        (await deployer.StatusAsync()).Text("health").ShouldBe("UNKNOWN");

        settings["enabled"] = true;
        (await deployer.PutAsync("/deployments/d1/settings", settings.ToJsonString())).ShouldSucceed();
        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");
        (await deployer.GenerationOnAsync(node)).ShouldBe("v1");
    }

    [Fact]
    public async Task Update_WithAnotherIdOnTheNodes_MovesTheServiceThere()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        var settings = (await deployer.GetAsync("/deployments/d1/settings")).Json;
        settings["deployedServiceId"] = "payments";
        (await deployer.PutAsync("/deployments/d1/settings", settings.ToJsonString())).ShouldSucceed();

        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");

        (await deployer.GenerationOnAsync(node, "payments")).ShouldBe("v1");
        (await deployer.GenerationOnAsync(node)).ShouldBeNull();
        (await deployer.GetAsync("/deployments/d1")).Text("deploymentBasicInfo", "deployedServiceId").ShouldBe("payments");
    }

    [Fact]
    public async Task Update_WithSeveralGenerations_GivesEachItsShare()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        var settings = (await deployer.GetAsync("/deployments/d1/settings")).Json;
        settings["generationsMapping"] = JsonNode.Parse(
            """{"mode":"MULTI_GENERATION","entries":[{"generation":"v1","proba":0.75},{"generation":"v2","proba":0.25}],"strategy":"HASH"}""");
        (await deployer.PutAsync("/deployments/d1/settings", settings.ToJsonString())).ShouldSucceed();

        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");

        var generations = (await deployer.StatusAsync()).Json["nodes"]![0]!["generations"]!.AsArray();
        generations.Select(generation => (string?)generation!["generation"]).ShouldBe(["v1", "v2"]);
        generations.Select(generation => (double)generation!["share"]!).ShouldBe([0.75, 0.25]);
        (await deployer.GetAsync("/deployments/d1/settings")).Text("generationsMapping", "strategy").ShouldBe("HASH");
    }

    [Theory]
    [InlineData("NO_CHECK", true, true, "false", "false")]
    [InlineData("WARN", false, true, "true", "false")]
    [InlineData("PREVENT", false, false, "false", "true")]
    public async Task Create_UnderAGovernancePolicy_FollowsIt(string policy, bool plain, bool ignoring, string warning, string error)
    {
        await using var deployer = await Deployer.StartAsync();
        (await deployer.PostAsync("/infras", $$"""{"id":"dev","stage":"Production","type":"STATIC","governCheckPolicy":"{{policy}}"}""")).ShouldSucceed();
        await deployer.AddServiceAsync("v1");
        const string body = """{"deploymentId":"d1","publishedServiceId":"fraud","infraId":"dev","version":"v1"}""";

        ((await deployer.PostAsync("/deployments?ignoreWarnings=False", body)).Status == HttpStatusCode.OK).ShouldBe(plain);
        if (!plain) ((await deployer.PostAsync("/deployments?ignoreWarnings=True", body)).Status == HttpStatusCode.OK).ShouldBe(ignoring);
        if (!plain && !ignoring) return;

        var status = (await deployer.GetAsync("/deployments/d1/governance-status?version=")).ShouldSucceed().Json;
        status["warning"]!.ToJsonString().ShouldBe(warning);
        status["error"]!.ToJsonString().ShouldBe(error);
        status["messages"]!.AsArray().Count.ShouldBe(policy == "NO_CHECK" ? 0 : 1);
    }
}
