using System.Net;
using Peregrine.Deploying.Tests.Nodes;

namespace Peregrine.Deploying.Tests.Shadows;

public sealed class DeploymentShadowingTests
{
    private const string ShadowV2 = """{"shadows":[{"generation":"v2","share":0.5}]}""";

    [Fact]
    public async Task Shadows_ReachEveryNode_AndANodeThatComesBackEmpty()
    {
        await using var first = await ApiNode.StartAsync();
        await using var second = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(first, second);

        (await deployer.ChangeSettingsAsync(ShadowV2)).ShouldSucceed();
        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");
        (await ShadowsOnAsync(first)).ShouldBe("v2 0.5");
        (await ShadowsOnAsync(second)).ShouldBe("v2 0.5");
        (await deployer.GetAsync("/deployments/d1/last-update")).Json["shadows"]!.ToJsonString().ShouldBe("""[{"generation":"v2","share":0.5}]""");

        await second.StopAsync();
        await second.StartEmptyAsync();
        await deployer.SetNodesAsync(first, second);
        await deployer.HealthAsync("HEALTHY");
        (await ShadowsOnAsync(second)).ShouldBe("v2 0.5");
        (await deployer.GenerationOnAsync(second)).ShouldBe("v1");
    }

    [Fact]
    public async Task Shadows_StayWhenTheClientReplacesTheMapping_AndTheirVersionCannotBeDeleted()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        (await deployer.ImportAsync(Deployer.PackageOf("v3"))).ShouldSucceed();
        (await deployer.ChangeSettingsAsync(ShadowV2)).ShouldSucceed();
        await deployer.UpdateAsync();

        await deployer.SetVersionAsync("v3");
        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");

        (await ShadowsOnAsync(node)).ShouldBe("v2 0.5");
        (await deployer.GenerationOnAsync(node)).ShouldBe("v3");
        (await deployer.DeleteAsync("/services/fraud/versions/v2")).ShouldFail(HttpStatusCode.Conflict, "VersionInUse");
    }

    [Fact]
    public async Task Shadows_ChangedOnANode_AreOutOfSyncUntilRepaired()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        (await deployer.ChangeSettingsAsync(ShadowV2)).ShouldSucceed();
        await deployer.UpdateAsync();

        (await node.AdminAsync(HttpMethod.Post, "services/fraud/actions/setMapping", """{"entries":[{"generation":"v1","proba":1}]}""")).ShouldSucceed();

        var differing = await deployer.StatusAsync();
        differing.Text("health").ShouldBe("OUT_OF_SYNC");
        ((string?)differing.Json["nodes"]![0]!["message"]).ShouldNotBeNull().ShouldContain("other shadows than wanted");
        await deployer.SetNodesAsync(node);
        await deployer.HealthAsync("HEALTHY");
        (await ShadowsOnAsync(node)).ShouldBe("v2 0.5");
    }

    [Fact]
    public async Task Shadows_NobodySpokeOf_StayOnTheNode_AndGoWhenNoneAreWanted()
    {
        await using var first = await ApiNode.StartAsync();
        await using var second = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(first, second);
        await deployer.SetVersionAsync("v2");
        await deployer.UpdateAsync(); // both versions are on the nodes now
        (await first.AdminAsync(HttpMethod.Post, "services/fraud/actions/setMapping", """{"entries":[{"generation":"v2","proba":1}],"shadows":[{"generation":"v1","share":0.25}]}""")).ShouldSucceed();

        (await deployer.StatusAsync()).Text("health").ShouldBe("HEALTHY");
        await deployer.SetVersionAsync("v1");
        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");
        (await ShadowsOnAsync(first)).ShouldBe("v1 0.25");
        (await ShadowsOnAsync(second)).ShouldBe("");

        (await deployer.ChangeSettingsAsync("""{"shadows":[]}""")).ShouldSucceed();
        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");
        (await ShadowsOnAsync(first)).ShouldBe("");
    }

    [Theory]
    [InlineData("""{"shadows":[{"generation":"v9"}]}""", "/shadows/0/generation")]
    [InlineData("""{"shadows":[{"generation":"v2","share":0}]}""", "/shadows/0/share")]
    [InlineData("""{"shadows":[{"generation":"v2","share":1.5}]}""", "/shadows/0/share")]
    [InlineData("""{"shadows":[{"generation":"v2"},{"generation":"v2"}]}""", "/shadows/1/generation")]
    [InlineData("""{"shadows":[null]}""", "/shadows/0")]
    [InlineData("""{"generationsMapping":{"mode":"SINGLE_GENERATION","generation":"v1","shadows":[{"generation":"v9"}]}}""", "/generationsMapping/shadows/0/generation")]
    [InlineData("""{"shadows":[],"generationsMapping":{"mode":"SINGLE_GENERATION","generation":"v1","shadows":[{"generation":"v2"}]}}""", "/generationsMapping/shadows")]
    public async Task Shadow_ThatMayNotBe_IsRefusedWithItsPlace(string members, string pointer)
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync();
        await deployer.AddServiceAsync("v1", "v2");
        await deployer.AddDeploymentAsync();

        var refused = (await deployer.ChangeSettingsAsync(members)).ShouldFail(HttpStatusCode.BadRequest, "InvalidSettings");

        refused.Json["errors"]!.AsArray().Select(error => (string?)error!["pointer"]).ShouldContain(pointer);
    }

    [Fact]
    public async Task Comparison_OfTwoNodes_IsThatOfOneThatSawAllRequests()
    {
        await using var first = await ApiNode.StartAsync();
        await using var second = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(first, second);
        (await deployer.ChangeSettingsAsync("""{"shadows":[{"generation":"v2"}]}""")).ShouldSucceed();
        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");
        for (var i = 0; i < 7; i++) (await first.AskAsync(amount: 10 * i)).ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < 4; i++) (await second.AskAsync(amount: 50 * i)).ShouldBe(HttpStatusCode.OK);

        var board = await Deployer.EventuallyAsync(
            () => deployer.GetAsync("/deployments/d1/shadows"), reply => reply.Json["comparisons"]!.AsArray() is [{ } only] && (long)only["records"]! == 11);

        var one = board.Json["comparisons"]![0]!;
        ((string?)one["endpointId"], (string?)one["primary"], (string?)one["shadow"]).ShouldBe(("score", "v1", "v2"));
        ((long)one["latencyMs"]!["shadow"]!["count"]!).ShouldBe(11);
        ((double)one["latencyMs"]!["shadow"]!["p99"]!).ShouldBeGreaterThan(0);
        ((double)one["agreement"]!).ShouldBe((double)(long)one["agreed"]! / 11, 1e-12);
        // Each node's own mean, weighted by hand.
        var parts = await Task.WhenAll(first.AdminAsync(HttpMethod.Get, "services/fraud/shadows"), second.AdminAsync(HttpMethod.Get, "services/fraud/shadows"));
        var means = parts.Select(part => (double)part.Json["comparisons"]![0]!["scoreDistance"]!["mean"]!).ToArray();
        ((double)one["scoreDistance"]!["mean"]!).ShouldBe(((means[0] * 7) + (means[1] * 4)) / 11, 1e-12);
        means[0].ShouldNotBe(0);
        board.Json["nodes"]!.AsArray().ShouldAllBe(node => (string?)node!["shadows"]![0]!["generation"] == "v2");

        await second.StopAsync();
        board = await deployer.GetAsync("/deployments/d1/shadows");
        ((long)board.Json["comparisons"]![0]!["records"]!).ShouldBe(7);
        ((string?)board.Json["unanswered"]!.AsArray().ShouldHaveSingleItem()).ShouldNotBeNull().ShouldContain(second.Url);
    }

    private static async Task<string> ShadowsOnAsync(ApiNode node)
    {
        var service = (await node.AdminAsync(HttpMethod.Get, "services/fraud")).ShouldSucceed().Json;
        return string.Join(", ", (service["mapping"]!["shadows"]?.AsArray() ?? []).Select(shadow => $"{shadow!["generation"]} {shadow["share"]}"));
    }
}
