using Peregrine.Contracts.Deployer;
using Peregrine.Web.Deployer;

namespace Peregrine.Web.Tests.Deployer;

public sealed class TrafficFormTests
{
    [Fact]
    public void Mapping_WithAChallenger_SharesTheTrafficToOne()
    {
        var form = new TrafficForm { Champion = "v1", Challenger = "v2", ChallengerPercent = 10, Sticky = true };
        form.Mapping.Shares.ShouldBe([new GenerationShare("v1", 0.9), new GenerationShare("v2", 0.1)]);
        form.Mapping.Strategy.ShouldBe(MappingStrategy.Hash);
        form.Says(GenerationsMapping.Single("v1")).ShouldBe("v2 answers 10 % of the requests, always for the same keys; v1 answers the others.");
    }

    [Fact]
    public void Mapping_WithTheChampionTwice_IsOfOneVersion() =>
        new TrafficForm { Champion = "v1", Challenger = "v1" }.Mapping.Mode.ShouldBe(MappingMode.SingleGeneration);

    [Fact]
    public void Of_AMapping_GivesItBack()
    {
        var mapping = new TrafficForm { Champion = "v2", Challenger = "v1", ChallengerPercent = 25 }.Mapping;
        TrafficForm.Of(mapping).Mapping.Shares.ShouldBe(mapping.Shares);
    }

    [Fact]
    public void Says_WhatIsWantedAlready_TellsThatNothingElseChanges() =>
        new TrafficForm { Champion = "v1" }.Says(GenerationsMapping.Single("v1")).ShouldContain("wanted already");
}
