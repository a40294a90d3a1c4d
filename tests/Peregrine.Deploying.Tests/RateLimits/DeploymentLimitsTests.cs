using System.Net;
using System.Text.Json.Nodes;
using Peregrine.Deploying.Tests.Nodes;

namespace Peregrine.Deploying.Tests.RateLimits;

public sealed class DeploymentLimitsTests
{
    private const string Rules = """
        {"rateLimits":[{"id":"burst","limit":2,"windowSeconds":3600,"per":"service"},{"id":"day","limit":1000,"period":"DAY","unit":"rows","endpoint":"score","key":"key-1"}]}
        """;

    private static readonly string[] Wanted = ["burst 2 requests 3600 service  ", "day 1000 rows day key score key-1"];

    [Fact]
    public async Task Rules_ReachEveryNode_AndANodeThatComesBackEmpty()
    {
        await using var first = await ApiNode.StartAsync();
        await using var second = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(first, second);

        (await deployer.ChangeSettingsAsync(Rules)).ShouldSucceed();
        (await RulesOnAsync(first)).ShouldBeEmpty("settings wait for an update");
        (await deployer.StatusAsync()).Codes.ShouldBe(["WARN_SETTINGS_CHANGED"]);
        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");
        (await RulesOnAsync(first)).ShouldBe(Wanted);
        (await RulesOnAsync(second)).ShouldBe(Wanted);
        (await deployer.GetAsync("/deployments/d1/last-update")).Json["rateLimits"]!.AsArray().Count.ShouldBe(2);

        await second.StopAsync();
        await second.StartEmptyAsync();
        await deployer.SetNodesAsync(first, second); // saving the nodes makes the loop look at once
        await deployer.HealthAsync("HEALTHY");
        (await RulesOnAsync(second)).ShouldBe(Wanted);
    }

    [Fact]
    public async Task Rules_ChangedOnANode_AreOutOfSyncUntilRepaired()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        (await deployer.ChangeSettingsAsync(Rules)).ShouldSucceed();
        await deployer.UpdateAsync();

        (await node.AdminAsync(HttpMethod.Put, "services/fraud/limits", """{"rules":[{"id":"burst","limit":3,"windowSeconds":3600,"per":"service"}]}""")).ShouldSucceed();

        var differing = await deployer.StatusAsync();
        differing.Text("health").ShouldBe("OUT_OF_SYNC");
        ((string?)differing.Json["nodes"]![0]!["message"]).ShouldNotBeNull().ShouldContain("other rate limits than wanted");
        await deployer.SetNodesAsync(node);
        await deployer.HealthAsync("HEALTHY");
        (await RulesOnAsync(node)).ShouldBe(Wanted);
    }

    [Fact]
    public async Task Rules_NobodySpokeOf_StayOnTheNode_AndGoWhenNoneAreWanted()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        (await node.AdminAsync(HttpMethod.Put, "services/fraud/limits", """{"rules":[{"id":"own","limit":3,"windowSeconds":60}]}""")).ShouldSucceed();

        (await deployer.StatusAsync()).Text("health").ShouldBe("HEALTHY");
        await deployer.SetVersionAsync("v2");
        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");
        (await RulesOnAsync(node)).ShouldBe(["own 3 requests 60 key  "]);
        (await deployer.GetAsync("/deployments/d1/rate-limits")).Json["rules"]![0]!["wanted"]!.GetValue<bool>().ShouldBeFalse();

        (await deployer.ChangeSettingsAsync("""{"rateLimits":[]}""")).ShouldSucceed();
        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");
        (await RulesOnAsync(node)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rules_StayWhenTheClientChangesTheVersion_AndUnknownMembersWithThem()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        (await deployer.ChangeSettingsAsync(Rules)).ShouldSucceed();
        (await deployer.ChangeSettingsAsync("""{"note":{"of":"the team"}}""")).ShouldSucceed();

        await deployer.SetVersionAsync("v2");
        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");

        var settings = (await deployer.GetAsync("/deployments/d1/settings")).Json;
        ((string?)settings["note"]!["of"]).ShouldBe("the team");
        settings["rateLimits"]!.AsArray().Count.ShouldBe(2);
        (await RulesOnAsync(node)).ShouldBe(Wanted);
    }

    [Fact]
    public async Task Counters_OfAllNodes_AreAddedUp_AndASilentNodeIsNamed()
    {
        await using var first = await ApiNode.StartAsync();
        await using var second = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(first, second);
        (await deployer.ChangeSettingsAsync(Rules)).ShouldSucceed();
        (await deployer.UpdateAsync()).Text("result", "status").ShouldBe("DONE");
        for (var i = 0; i < 5; i++) await first.AskAsync();
        for (var i = 0; i < 3; i++) await second.AskAsync();
        (await second.AskAsync()).ShouldBe(HttpStatusCode.TooManyRequests);

        var told = (await deployer.GetAsync("/deployments/d1/rate-limits")).ShouldSucceed().Json;
        var burst = told["rules"]![0]!;
        ((string?)burst["rule"]!["id"], (long)burst["refused"]!, (bool)burst["wanted"]!).ShouldBe(("burst", 5, true)); // 3 of the first, 2 of the second
        burst["nodes"]!.AsArray().Select(node => (long)node!["refused"]!).ShouldBe([3, 2]);
        burst["nodes"]!.AsArray().ShouldAllBe(node => (bool)node!["same"]! && (long)node["callers"]![0]!["remaining"]! == 0);

        await second.StopAsync();
        told = (await deployer.GetAsync("/deployments/d1/rate-limits")).ShouldSucceed().Json;
        ((string?)told["unanswered"]!.AsArray().ShouldHaveSingleItem()).ShouldNotBeNull().ShouldContain(second.Url);
        ((long)told["rules"]![0]!["refused"]!).ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"id":"a b","limit":1,"windowSeconds":1}""", "/rateLimits/0/id")]
    [InlineData("""{"limit":1,"windowSeconds":1}""", "/rateLimits/0/id")]
    [InlineData("""{"id":"a","limit":0,"windowSeconds":1}""", "/rateLimits/0/limit")]
    [InlineData("""{"id":"a","limit":1000000000001,"windowSeconds":1}""", "/rateLimits/0/limit")]
    [InlineData("""{"id":"a","windowSeconds":1}""", "/rateLimits/0/limit")]
    [InlineData("""{"id":"a","limit":1,"windowSeconds":86401}""", "/rateLimits/0/windowSeconds")]
    [InlineData("""{"id":"a","limit":1}""", "/rateLimits/0/windowSeconds")]
    [InlineData("""{"id":"a","limit":1,"windowSeconds":1,"period":"day"}""", "/rateLimits/0/period")]
    [InlineData("""{"id":"a","limit":1,"period":"week"}""", "/rateLimits/0/period")]
    [InlineData("""{"id":"a","limit":1,"period":"day","unit":"bytes"}""", "/rateLimits/0/unit")]
    [InlineData("""{"id":"a","limit":1,"period":"day","per":"country"}""", "/rateLimits/0/per")]
    [InlineData("""{"id":"a","limit":1,"period":"day","endpoint":"nope"}""", "/rateLimits/0/endpoint")]
    [InlineData("""{"id":"a","limit":1,"period":"day","key":""}""", "/rateLimits/0/key")]
    [InlineData("""{"id":"a","limit":1,"period":"day","endpont":"score"}""", "/rateLimits/0/endpont")]
    [InlineData("""{"id":"a","limit":1,"period":"day"},{"id":"a","limit":2,"period":"day"}""", "/rateLimits/1/id")]
    [InlineData("null", "/rateLimits/0")]
    public async Task Rule_ThatMayNotBe_IsRefusedWithItsPlace_ByTheDeployerAsByANode(string rule, string pointer)
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);

        var refused = (await deployer.ChangeSettingsAsync($$"""{"rateLimits":[{{rule}}]}""")).ShouldFail(HttpStatusCode.BadRequest, "InvalidSettings");

        refused.Json["errors"]!.AsArray().Select(error => (string?)error!["pointer"]).ShouldContain(pointer);
        (await deployer.GetAsync("/deployments/d1/settings")).Json["rateLimits"].ShouldBeNull();
        (await node.AdminAsync(HttpMethod.Put, "services/fraud/limits", $$"""{"rules":[{{rule}}]}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Rule_OfAnotherTypeThanItShouldHave_IsRefusedWithItsPlace()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);

        (await deployer.ChangeSettingsAsync("""{"rateLimits":[{"id":"a","limit":"many","period":"day"}]}""")).ShouldFail(HttpStatusCode.BadRequest, "MalformedJson")
            .Text("message").ShouldNotBeNull().ShouldContain("$.rateLimits[0].limit");
    }

    private static async Task<IReadOnlyList<string>> RulesOnAsync(ApiNode node)
    {
        var rules = (await node.AdminAsync(HttpMethod.Get, "services/fraud/limits")).ShouldSucceed().Json["rules"]!.AsArray();
        return [.. rules.Select(rule => $"{rule!["id"]} {rule["limit"]} {rule["unit"]} {rule["windowSeconds"]}{rule["period"]} {rule["per"]} {rule["endpoint"]} {rule["key"]}")];
    }
}
