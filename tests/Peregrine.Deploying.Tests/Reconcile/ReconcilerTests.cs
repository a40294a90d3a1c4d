using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Deploying.Tests.Nodes;

namespace Peregrine.Deploying.Tests.Reconcile;

public sealed class ReconcilerTests
{
    private static readonly Action<DeployingOptions> EverySecond = options => options.ReconcileInterval = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Node_ThatDiesAndComesBackEmpty_IsUnhealthyThenRepaired()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync(EverySecond);
        await deployer.DeployAsync(node);

        await node.StopAsync();
        var dead = await deployer.StatusAsync();
        dead.Text("health").ShouldBe("UNHEALTHY");
        dead.Codes.ShouldBe(["ERR_NODE_UNREACHABLE"]);
        dead.Json["nodes"]![0]!["reachable"]!.GetValue<bool>().ShouldBeFalse();

        await node.StartEmptyAsync();
        await deployer.HealthAsync("HEALTHY");
        (await deployer.GenerationOnAsync(node)).ShouldBe("v1");
        var history = await Deployer.EventuallyAsync(
            () => deployer.GetAsync("/deployments/d1/update"), updates => (string?)updates.Json[0]!["status"] != "RUNNING");
        history.Json[0]!["type"]!.GetValue<string>().ShouldBe("REPAIR");
        history.Json[0]!["status"]!.GetValue<string>().ShouldBe("DONE");
        (await deployer.GetAsync("/deployments/d1/last-update")).Text("type").ShouldBe("UPDATE");
    }

    [Fact]
    public async Task Node_ChangedBehindOurBack_IsOutOfSyncUntilRepaired()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        await AdminAsync(node, "services/fraud/actions/disable");

        var differing = await deployer.StatusAsync();
        differing.Text("health").ShouldBe("OUT_OF_SYNC");
        differing.Codes.ShouldBe(["WARN_NODE_DIFFERS"]);

        await deployer.SetNodesAsync(node); // saving the nodes makes the loop look at once
        await deployer.HealthAsync("HEALTHY");
        (await deployer.GenerationOnAsync(node)).ShouldBe("v1");
    }

    [Fact]
    public async Task Node_WithAnotherMapping_IsBroughtBack()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        await deployer.SetVersionAsync("v2");
        await deployer.UpdateAsync();
        await AdminAsync(node, "services/fraud/actions/switchTo/v1");

        (await deployer.StatusAsync()).Text("health").ShouldBe("OUT_OF_SYNC");
        await deployer.SetNodesAsync(node);

        await deployer.HealthAsync("HEALTHY");
        (await deployer.GenerationOnAsync(node)).ShouldBe("v2");
    }

    [Fact]
    public async Task Node_AddedToTheInfrastructure_GetsTheService()
    {
        await using var first = await ApiNode.StartAsync();
        await using var second = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(first);

        await deployer.SetNodesAsync(first, second);

        await deployer.HealthAsync("HEALTHY");
        (await deployer.GenerationOnAsync(second)).ShouldBe("v1");
    }

    [Fact]
    public async Task EditedSettings_AreLeftToTheNextUpdate()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync(EverySecond);
        await deployer.DeployAsync(node);
        await deployer.SetVersionAsync("v2");
        var seen = (long)(await deployer.GetAsync("/board")).Json["stages"]![0]!["deployments"]![0]!["checkedOn"]!;

        await Deployer.EventuallyAsync(
            () => deployer.GetAsync("/board"), board => (long)board.Json["stages"]![0]!["deployments"]![0]!["checkedOn"]! > seen);

        (await deployer.GenerationOnAsync(node)).ShouldBe("v1");
        (await deployer.StatusAsync()).Text("health").ShouldBe("OUT_OF_SYNC");
    }

    [Fact]
    public async Task Restart_WithAnEmptyNode_RepairsItAtTheStart()
    {
        await using var node = await ApiNode.StartAsync();
        var folder = Directory.CreateTempSubdirectory("peregrine-deployer-").FullName;
        await using (var deployer = await Deployer.StartAsync(folder: folder)) await deployer.DeployAsync(node);
        await node.StopAsync();
        await node.StartEmptyAsync();

        await using (var restarted = await Deployer.StartAsync(folder: folder))
        {
            await restarted.HealthAsync("HEALTHY");
            (await restarted.GenerationOnAsync(node)).ShouldBe("v1");
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<JsonNode?> AdminAsync(ApiNode node, string path)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(ApiNode.AdminKey + ":")));
        using var response = await client.PostAsync(new Uri($"{node.Url}/admin/api/{path}"), null);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync());
    }
}
