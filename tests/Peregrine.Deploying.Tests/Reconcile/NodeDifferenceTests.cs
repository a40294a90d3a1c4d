using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Nodes;
using Peregrine.Deploying.Reconcile;

namespace Peregrine.Deploying.Tests.Reconcile;

public sealed class NodeDifferenceTests
{
    private static readonly WantedService Wanted = new()
    {
        DeploymentId = "d1", ServiceId = "fraud", Enabled = true, Mapping = NodeMapping.Single("v2"), Packages = [new WantedPackage("v2", "d2")],
    };

    [Fact]
    public void Between_ANodeThatIsAsWanted_IsNone() => NodeDifference.Between(Wanted, On(Node())).IsNone.ShouldBeTrue();

    [Fact]
    public void Between_ANodeWithoutTheService_LacksEverything()
    {
        var difference = NodeDifference.Between(Wanted, NodeContents.None);

        difference.LacksService.ShouldBeTrue();
        difference.Missing.ShouldBe(Wanted.Packages);
        difference.WrongMapping.ShouldBeTrue();
    }

    [Fact]
    public void Between_OtherContentUnderTheId_IsNeitherMissingNorReady()
    {
        var difference = NodeDifference.Between(Wanted, On(Node(digest: "other")));

        difference.Other.ShouldBe(Wanted.Packages);
        difference.Missing.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(GenerationState.Available)]
    [InlineData(GenerationState.Loading)]
    [InlineData(GenerationState.Failed)]
    [InlineData(GenerationState.Draining)]
    public void Between_AGenerationThatCannotAnswer_IsNotReady(GenerationState state) =>
        NodeDifference.Between(Wanted, On(Node(state: state))).NotReady.ShouldBe(Wanted.Packages);

    [Fact]
    public void Between_SharesInAnotherOrder_IsAWrongMapping()
    {
        var wanted = Wanted with { Mapping = new NodeMapping { Entries = [new("v1", 0.5), new("v2", 0.5)] }, Packages = [] };

        NodeDifference.Between(wanted, On(Node() with { Mapping = new NodeMapping { Entries = [new("v2", 0.5), new("v1", 0.5)] } })).WrongMapping.ShouldBeTrue();
        NodeDifference.Between(wanted, On(Node() with { Mapping = new NodeMapping { Entries = [new("v1", 0.5), new("v2", 0.5)] } })).IsNone.ShouldBeTrue();
        NodeDifference.Between(wanted, On(Node() with { Mapping = new NodeMapping { Entries = [new("v1", 0.5), new("v2", 0.5)], Strategy = MappingStrategy.Random } }))
            .WrongMapping.ShouldBeTrue();
    }

    [Fact]
    public void Between_ADisabledDeployment_OnlyWantsTheServiceDisabled()
    {
        var wanted = Wanted with { Enabled = false };

        NodeDifference.Between(wanted, NodeContents.None).IsNone.ShouldBeTrue();
        NodeDifference.Between(wanted, On(Node() with { Enabled = false, Mapping = null })).IsNone.ShouldBeTrue();
        NodeDifference.Between(wanted, On(Node())).WrongEnabled.ShouldBeTrue();
    }

    private static NodeContents On(NodeService service) => new() { Service = service };

    private static NodeService Node(string digest = "d2", GenerationState state = GenerationState.Ready) => new()
    {
        ServiceId = "fraud", Enabled = true, Mapping = NodeMapping.Single("v2"),
        Generations =
        [
            new NodeGeneration
            {
                Generation = "v2", Tag = "v2", CreatedOn = 1, ImportedOn = 1, Digest = digest, Bytes = 1, State = state, Mounted = true, MappedProba = 1, Mapped = 100,
            },
        ],
    };
}
