using System.Net;
using System.Text.Json.Nodes;
using Peregrine.Deploying.Tests.Nodes;

namespace Peregrine.Deploying.Tests;

/// <summary>The flow that published pipelines run, call by call.</summary>
public sealed class MinimumFlowTests
{
    [Fact]
    public async Task Pipeline_FromAPackageToAnAnswerAndBack_WorksInWireForm()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync(node);

        (await deployer.GetAsync("/services")).ShouldSucceed().Json.AsArray().ShouldBeEmpty();
        (await deployer.PostAsync("/services", """{"publishedServiceId":"fraud"}""")).ShouldSucceed();
        (await deployer.GetAsync("/services")).Json[0]!["serviceBasicInfo"]!["id"]!.GetValue<string>().ShouldBe("fraud");
        (await deployer.ImportAsync(Deployer.PackageOf("v1"))).ShouldSucceed();
        var service = (await deployer.GetAsync("/services/fraud")).ShouldSucceed().Json;
        service["packages"]![0]!["id"]!.GetValue<string>().ShouldBe("v1");
        service["deployments"]!.AsArray().ShouldBeEmpty();

        await deployer.AddDeploymentAsync();
        var light = (await deployer.GetAsync("/deployments/d1")).ShouldSucceed().Json["deploymentBasicInfo"]!.AsObject();
        light["enabled"]!.GetValue<bool>().ShouldBeTrue();
        light.ContainsKey("deployedServiceId").ShouldBeFalse();
        (await deployer.GetAsync("/deployments/d1/status")).Text("health").ShouldBe("UNKNOWN");
        (await deployer.GenerationOnAsync(node)).ShouldBeNull();

        var started = (await deployer.PostAsync("/deployments/d1/actions/update")).ShouldSucceed();
        started.Text("jobId").ShouldNotBeNullOrEmpty();
        var done = await deployer.FutureAsync(started.Text("jobId")!);
        done.Text("result", "status").ShouldBe("DONE", done.Body);
        (await deployer.FutureAsync(started.Text("jobId")!)).Text("result", "health").ShouldBe("HEALTHY");

        var status = (await deployer.GetAsync("/deployments/d1/status")).Json;
        status["health"]!.GetValue<string>().ShouldBe("HEALTHY");
        status["healthMessages"]!["messages"]!.AsArray().ShouldBeEmpty();
        status["apiNodes"]![0]!["url"]!.GetValue<string>().ShouldBe(node.Url);
        (await deployer.GenerationOnAsync(node)).ShouldBe("v1");
        (await deployer.GetAsync("/services/fraud")).Json["deployments"]![0]!["infraId"]!.GetValue<string>().ShouldBe("dev");

        (await deployer.ImportAsync(Deployer.PackageOf("v2"))).ShouldSucceed();
        var settings = (await deployer.GetAsync("/deployments/d1/settings")).Json;
        settings["generationsMapping"]!["generation"]!.GetValue<string>().ShouldBe("v1");
        await deployer.SetVersionAsync("v2");
        (await deployer.StatusAsync()).Text("health").ShouldBe("OUT_OF_SYNC");
        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");
        (await deployer.GenerationOnAsync(node)).ShouldBe("v2");

        await deployer.SetVersionAsync("v1");
        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");
        (await deployer.GenerationOnAsync(node)).ShouldBe("v1");
    }

    [Theory]
    [InlineData("/dip/publicapi/api-deployer")]
    [InlineData("/public/api/api-deployer")]
    [InlineData("//dip/publicapi//api-deployer")]
    public async Task Lists_OnEitherBaseAndSlashForm_AnswerArrays(string path)
    {
        await using var deployer = await Deployer.StartAsync();

        foreach (var list in (string[])["/deployments", "/deployments/", "/infras", "/services/"])
            (await deployer.SendAsync(HttpMethod.Get, path + list)).ShouldSucceed().Json.AsArray().ShouldBeEmpty(list);
        var stages = (await deployer.SendAsync(HttpMethod.Get, path + "/stages")).ShouldSucceed().Json.AsArray();
        stages.Select(stage => (string?)stage!["id"]).ShouldBe(["Development", "Test", "Production"]);
        stages[0]!.AsObject().ContainsKey("desc").ShouldBeTrue();
    }

    [Fact]
    public async Task AnyCall_WithoutAKey_IsRefusedWithAnErrorObject()
    {
        await using var deployer = await Deployer.StartAsync();
        deployer.Http.DefaultRequestHeaders.Authorization = null;

        (await deployer.GetAsync("/stages")).ShouldFail(HttpStatusCode.Unauthorized, "Unauthorized");
        (await deployer.SendAsync(HttpMethod.Get, "/dip/publicapi/futures/")).ShouldFail(HttpStatusCode.Unauthorized, "Unauthorized");
    }

    [Fact]
    public async Task History_AfterUpdates_ListsThemWithLogsAndSteps()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        await deployer.SetVersionAsync("v2");
        await deployer.UpdateAsync();

        var list = (await deployer.GetAsync("/deployments/d1/update")).ShouldSucceed().Json.AsArray();
        list.Count.ShouldBe(2);
        var last = (await deployer.GetAsync("/deployments/d1/last-update")).ShouldSucceed().Json;
        last["startTimestamp"]!.GetValue<long>().ShouldBe(list[0]!["startTimestamp"]!.GetValue<long>());
        last["requester"]!.GetValue<string>().ShouldBe("ci");
        last["status"]!.GetValue<string>().ShouldBe("DONE");
        last["endTimestamp"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(last["startTimestamp"]!.GetValue<long>());
        last["logs"]!["lines"]!.AsArray().ShouldNotBeEmpty();
        last["steps"]!.AsArray().Select(step => (string?)step!["name"]).ShouldBe(["upload", "preload", "set mapping", "check"]);

        var first = (await deployer.GetAsync($"/deployments/d1/update/{list[1]!["startTimestamp"]}")).ShouldSucceed().Json;
        first["generations"]!.AsArray().Select(generation => (string?)generation).ShouldBe(["v1"]);
        (await deployer.GetAsync("/deployments/d1/update/12")).ShouldFail(HttpStatusCode.NotFound, "UpdateNotFound");
    }
}
