using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Deploying.Store;
using Peregrine.Deploying.Tests.Nodes;
using Peregrine.Hosting.Authentication;
using Peregrine.Serving.Tests;

namespace Peregrine.Deploying.Tests.Keys;

public sealed class DeploymentKeyServiceTests
{
    [Fact]
    public async Task NewKey_OpensEveryNodeAtOnce_IsToldOnceAndStoredAsHash()
    {
        await using var first = await ApiNode.StartAsync();
        await using var second = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await DeployAsync(deployer, first, second);

        var made = (await deployer.PostAsync("/deployments/d1/keys", """{"label":"checkout","endpoints":["score"]}""")).ShouldSucceed();

        var secret = made.Text("key")!;
        made.Json["nodes"]!.AsArray().ShouldAllBe(node => (bool)node!["present"]!);
        (await first.AskAsync(secret)).ShouldBe(HttpStatusCode.OK);
        (await second.AskAsync(secret)).ShouldBe(HttpStatusCode.OK);
        (await first.AskAsync("pgn_another")).ShouldBe(HttpStatusCode.Unauthorized);
        var list = await deployer.GetAsync("/deployments/d1/keys");
        list.Body.ShouldNotContain(secret);
        list.Json["keys"]!.AsArray().Select(key => $"{key!["label"]} {key["source"]} {key["state"]} {string.Join(' ', key["nodes"]!.AsArray().Select(node => node!["present"]))}")
            .ShouldBe(["checkout deployer active true true", " package active true true"]);
        await using var db = await deployer.Services.GetRequiredService<IDbContextFactory<DeployerDbContext>>().CreateDbContextAsync();
        (await db.DeploymentKeys.SingleAsync()).Key.Hash.ShouldBe(ApiKeyHash.Of(secret).ToString());
        (await deployer.StatusAsync()).Text("health").ShouldBe("HEALTHY");
    }

    [Fact]
    public async Task Key_MadeAndRevokedWhileANodeIsOutOfReach_FollowsWhenItIsBack()
    {
        await using var first = await ApiNode.StartAsync();
        await using var second = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await DeployAsync(deployer, first, second);
        var old = (await deployer.PostAsync("/deployments/d1/keys", """{"label":"old"}""")).ShouldSucceed();
        second.Gate = Refuse; // still running, with its data, but out of the Deployer's reach

        var made = (await deployer.PostAsync("/deployments/d1/keys", """{"label":"new"}""")).ShouldSucceed();
        made.Json["nodes"]!.AsArray().Select(node => node!["present"]?.GetValue<bool>()).ShouldBe([true, false]);
        ((string?)made.Json["nodes"]![1]!["message"]).ShouldNotBeNull().ShouldContain(second.Url);
        var revoked = (await deployer.DeleteAsync($"/deployments/d1/keys/{old.Text("details", "id")}")).ShouldSucceed();
        revoked.Json["nodes"]!.AsArray().Select(node => node!["present"]?.GetValue<bool>()).ShouldBe([true, false]);
        (await first.AskAsync(old.Text("key"))).ShouldBe(HttpStatusCode.Unauthorized);

        second.Gate = _ => Task.FromResult(true);
        (await second.AskAsync(old.Text("key"))).ShouldBe(HttpStatusCode.OK, "the node does not know yet");
        var differing = await deployer.StatusAsync();
        differing.Text("health").ShouldBe("OUT_OF_SYNC");
        ((string?)differing.Json["nodes"]![1]!["message"]).ShouldNotBeNull().ShouldContain("other keys than wanted");
        (await deployer.GetAsync("/deployments/d1/keys")).Body.ShouldContain("Revoked, but still there");

        await deployer.SetNodesAsync(first, second); // saving the nodes makes the loop look at once
        await deployer.HealthAsync("HEALTHY");
        (await second.AskAsync(old.Text("key"))).ShouldBe(HttpStatusCode.Unauthorized);
        (await second.AskAsync(made.Text("key"))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Keys_AreBroughtToANodeThatComesBackEmpty_AndKeysOfTheNodeItselfStay()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await DeployAsync(deployer, node);
        var own = (await node.AdminAsync(HttpMethod.Post, "services/fraud/keys", """{"label":"of the node"}""")).ShouldSucceed();
        var made = (await deployer.PostAsync("/deployments/d1/keys", """{"label":"checkout"}""")).ShouldSucceed();
        (await node.AskAsync(own.Text("key"))).ShouldBe(HttpStatusCode.OK);
        (await deployer.GetAsync("/deployments/d1/keys")).Json["keys"]!.AsArray().Select(key => (string?)key!["source"]).ShouldBe(["deployer", "package", "node"]);

        await node.StopAsync();
        await node.StartEmptyAsync();
        await deployer.SetNodesAsync(node);
        await deployer.HealthAsync("HEALTHY");

        (await node.AskAsync(made.Text("key"))).ShouldBe(HttpStatusCode.OK);
        (await node.AskAsync(own.Text("key"))).ShouldBe(HttpStatusCode.Unauthorized, "nobody but the node knew it");
    }

    [Fact]
    public async Task Rotation_BothWorkDuringTheOverlap_AndOnlyTheNewOneAfter()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await DeployAsync(deployer, node);
        var old = (await deployer.PostAsync("/deployments/d1/keys", """{"label":"checkout","endpoints":["score"]}""")).ShouldSucceed();
        var id = old.Text("details", "id");

        var next = (await deployer.PostAsync($"/deployments/d1/keys/{id}/actions/rotate", """{"overlapSeconds":3600}""")).ShouldSucceed();
        (next.Text("details", "label"), next.Text("details", "replaces")).ShouldBe(("checkout", id));
        next.Json["details"]!["endpoints"]!.ToJsonString().ShouldBe("""["score"]""");
        (await node.AskAsync(old.Text("key"))).ShouldBe(HttpStatusCode.OK);
        (await node.AskAsync(next.Text("key"))).ShouldBe(HttpStatusCode.OK);

        var last = (await deployer.PostAsync($"/deployments/d1/keys/{next.Text("details", "id")}/actions/rotate", """{"overlapSeconds":0}""")).ShouldSucceed();
        (await node.AskAsync(next.Text("key"))).ShouldBe(HttpStatusCode.Unauthorized);
        (await node.AskAsync(last.Text("key"))).ShouldBe(HttpStatusCode.OK);
        (await deployer.GetAsync("/deployments/d1/keys")).Json["keys"]!.AsArray().Take(3).Count(key => (string?)key!["state"] == "expired").ShouldBe(1);
    }

    [Fact]
    public async Task LastUse_OfAKey_IsTheLatestOfAllNodes()
    {
        await using var first = await ApiNode.StartAsync();
        await using var second = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await DeployAsync(deployer, first, second);
        var made = (await deployer.PostAsync("/deployments/d1/keys", """{"label":"checkout"}""")).ShouldSucceed();
        (await LastUsesAsync(deployer)).ShouldBe([null, null]);
        (await first.AskAsync(made.Text("key"))).ShouldBe(HttpStatusCode.OK);
        (await first.AskAsync(TestPackage.Key)).ShouldBe(HttpStatusCode.OK);
        var ofFirst = await LastUsesAsync(deployer);
        ofFirst.ShouldAllBe(used => used != null);

        // A use is told to the second.
        await Deployer.EventuallyAsync(async () =>
        {
            (await second.AskAsync(made.Text("key"))).ShouldBe(HttpStatusCode.OK);
            return await deployer.GetAsync("/deployments/d1/keys");
        }, list => LastUses(list)[0] > ofFirst[0]);

        var onSecond = (await second.AdminAsync(HttpMethod.Get, "services/fraud/keys")).Json.AsArray().Single(key => (string?)key!["source"] == "deployer");
        (await LastUsesAsync(deployer)).ShouldBe([(DateTimeOffset?)onSecond!["lastUsed"], ofFirst[1]]);
        (await deployer.StatusAsync()).Text("health").ShouldBe("HEALTHY", "that a key is used makes no node differ");
    }

    [Fact]
    public async Task Key_MadeBeforeTheFirstUpdate_ComesWithIt()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await PublishAsync(deployer, node);
        var made = (await deployer.PostAsync("/deployments/d1/keys", """{"label":"early"}""")).ShouldSucceed();
        made.Json["nodes"]![0]!["present"].ShouldBeNull();

        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");

        (await node.AskAsync(made.Text("key"))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{}""", "/label")]
    [InlineData("""{"label":"a","expiry":1}""", "/expiry")]
    [InlineData("""{"label":"a","endpoints":[]}""", "/endpoints")]
    [InlineData("""{"label":"a","endpoints":["score","nope"]}""", "/endpoints/1")]
    public async Task NewKey_ThatMayNotBe_IsRefusedWithItsPlace(string body, string pointer)
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await PublishAsync(deployer, node);

        var refused = (await deployer.PostAsync("/deployments/d1/keys", body)).ShouldFail(HttpStatusCode.BadRequest, "InvalidSettings");

        refused.Json["errors"]!.AsArray().Select(error => (string?)error!["pointer"]).ShouldBe([pointer]);
    }

    [Fact]
    public async Task Keys_ThatAreNotThere_Are404_AndTooManyAre409()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync(options => options.MaxKeysPerDeployment = 1);
        await PublishAsync(deployer, node);
        (await deployer.GetAsync("/deployments/none/keys")).ShouldFail(HttpStatusCode.NotFound, "DeploymentNotFound");
        (await deployer.PostAsync("/deployments/none/keys", """{"label":"a"}""")).ShouldFail(HttpStatusCode.NotFound, "DeploymentNotFound");
        (await deployer.DeleteAsync("/deployments/d1/keys/key-1")).ShouldFail(HttpStatusCode.NotFound, "KeyNotFound");
        (await deployer.PostAsync("/deployments/d1/keys/nope/actions/rotate")).ShouldFail(HttpStatusCode.NotFound, "KeyNotFound");
        var made = (await deployer.PostAsync("/deployments/d1/keys", """{"label":"a"}""")).ShouldSucceed();
        (await deployer.PostAsync("/deployments/d1/keys", """{"label":"b"}""")).ShouldFail(HttpStatusCode.Conflict, "TooManyKeys");
        (await deployer.PostAsync($"/deployments/d1/keys/{made.Text("details", "id")}/actions/rotate", """{"overlapSeconds":-1}""")).ShouldFail(HttpStatusCode.BadRequest, "InvalidSettings");
    }

    private static async Task<DateTimeOffset?[]> LastUsesAsync(Deployer deployer) => LastUses(await deployer.GetAsync("/deployments/d1/keys"));

    private static DateTimeOffset?[] LastUses(Reply list) => [.. list.Json["keys"]!.AsArray().Select(key => (DateTimeOffset?)key!["lastUsed"])];

    /// <summary>Only the admin API: callers come by another way than the Deployer.</summary>
    private static async Task<bool> Refuse(Microsoft.AspNetCore.Http.HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/admin")) return true;
        context.Response.StatusCode = 503;
        await context.Response.CompleteAsync();
        return false;
    }

    /// <summary>A service that wants a key, not brought to its nodes yet.</summary>
    private static async Task PublishAsync(Deployer deployer, params ApiNode[] nodes)
    {
        await deployer.AddInfraAsync(nodes);
        await deployer.AddServiceAsync();
        (await deployer.ImportAsync(new TestPackage { Authorization = TestPackage.ByKey() }.Write())).ShouldSucceed();
        await deployer.AddDeploymentAsync();
    }

    private static async Task DeployAsync(Deployer deployer, params ApiNode[] nodes)
    {
        await PublishAsync(deployer, nodes);
        (await deployer.UpdateAsync()).Text("result", "status").ShouldBe("DONE");
    }
}
