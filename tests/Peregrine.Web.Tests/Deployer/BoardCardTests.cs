using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Contracts.Deployer;
using Peregrine.Web.Deployer;
using static Peregrine.Web.Tests.Deployer.Cards;

namespace Peregrine.Web.Tests.Deployer;

public sealed class BoardCardTests : BunitContext
{
    public BoardCardTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void Card_OfAnUnhealthyDeployment_SaysTheWorstReasonAndCountsItsNodes()
    {
        var card = Render<BoardCard>(p => p.Add(c => c.Deployment, Card("fraud-on-dev", DeploymentHealth.Unhealthy)));
        card.Find("a").GetAttribute("href").ShouldBe("/deployer/deployments/fraud-on-dev");
        card.Find("a").ClassList.ShouldContain("tone-bad");
        card.Find(".bcard-reason").TextContent.ShouldBe("node 2 does not answer");
        card.Find(".bcard-foot").TextContent.ShouldContain("1/2 nodes");
    }

    [Fact]
    public void Card_WhileItUpdates_SaysSoInsteadOfItsHealth()
    {
        var card = Render<BoardCard>(p => p.Add(c => c.Deployment, Card("fraud-on-dev", DeploymentHealth.OutOfSync, UpdateStatus.Running)));
        card.Find(".health-word").TextContent.ShouldBe("Updating");
        card.FindAll(".bcard-reason").ShouldBeEmpty();
        card.Find(".bcard-last").TextContent.ShouldContain("Update running by ada");
    }
}
