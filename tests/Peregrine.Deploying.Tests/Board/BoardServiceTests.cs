using Microsoft.Extensions.DependencyInjection;
using Peregrine.Deploying.Changes;
using Peregrine.Deploying.Tests.Nodes;

namespace Peregrine.Deploying.Tests.Board;

public sealed class BoardServiceTests
{
    [Fact]
    public async Task Board_WithADeployment_ShowsItInItsStageWithHealthAndVersion()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);

        var stages = (await deployer.GetAsync("/board")).ShouldSucceed().Json["stages"]!.AsArray();

        stages.Select(stage => (string?)stage!["id"]).ShouldBe(["Development", "Test", "Production"]);
        var card = stages[0]!["deployments"]![0]!;
        card["deploymentBasicInfo"]!["id"]!.GetValue<string>().ShouldBe("d1");
        card["health"]!.GetValue<string>().ShouldBe("HEALTHY");
        card["generationsMapping"]!["generation"]!.GetValue<string>().ShouldBe("v1");
        card["lastUpdate"]!["status"]!.GetValue<string>().ShouldBe("DONE");
        card["nodes"]![0]!["url"]!.GetValue<string>().ShouldBe(node.Url);
        stages[1]!["deployments"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_OfADeployment_ReachListenersUntilTheyLeave()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        var heard = new System.Collections.Concurrent.ConcurrentQueue<DeployerChange>();
        var subscription = deployer.Services.GetRequiredService<IDeployerEvents>().Subscribe(heard.Enqueue);

        await node.StopAsync();
        await deployer.StatusAsync();
        heard.ShouldContain(new DeployerChange(DeployerChangeKind.Health, "d1"));

        subscription.Dispose();
        heard.Clear();
        await deployer.SetVersionAsync("v2");
        heard.ShouldBeEmpty();
    }
}
