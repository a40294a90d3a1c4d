using Peregrine.Contracts.Deployer;
using Peregrine.Web.Deployer;
using static Peregrine.Web.Tests.Deployer.Cards;

namespace Peregrine.Web.Tests.Deployer;

public sealed class BoardViewTests
{
    [Fact]
    public void Arrange_Always_PutsTheWorstFirstThenWhatMovesThenNames()
    {
        var state = BoardView.Arrange(Board(
            Card("b"), Card("a"), Card("moving", update: UpdateStatus.Running), Card("silent", DeploymentHealth.Unhealthy), Card("differs", DeploymentHealth.OutOfSync)));
        state.Columns[0].Deployments.Select(card => card.DeploymentBasicInfo.Id).ShouldBe(["silent", "differs", "moving", "a", "b"]);
        state.WantAttention.ShouldBe(2);
    }

    [Fact]
    public void Arrange_ADisabledDeployment_WantsNoAttention() =>
        BoardView.Arrange(Board(Card("off", DeploymentHealth.Error, enabled: false))).WantAttention.ShouldBe(0);
}
