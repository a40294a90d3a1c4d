using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Web.Deployer;

namespace Peregrine.Web.Tests.Deployer;

public sealed class DeploymentHeadTests : BunitContext
{
    private static readonly string[] All = ["Overview", "Run & test", "Rate limits", "Shadows", "Keys", "Drift", "History"];

    public DeploymentHeadTests() => Services.AddSingleton(TimeProvider.System);

    [Theory]
    [InlineData("STD_PREDICTION")]
    [InlineData("STD_CLUSTERING")]
    [InlineData("DATASETS_LOOKUP", "STD_PREDICTION")]
    [InlineData]
    public void Tabs_WhereAnEndpointMayPredict_AreAll(params string[] types) => TabsOf(State(types)).ShouldBe(All);

    [Fact]
    public void Tabs_WhileTheDeploymentIsRead_AreAll() => TabsOf(null).ShouldBe(All);

    [Fact]
    public void Tabs_WhereAllEndpointsAreLookups_LeaveOutShadowsAndDrift() =>
        TabsOf(State("DATASETS_LOOKUP", "DATASETS_LOOKUP")).ShouldBe(["Overview", "Run & test", "Rate limits", "Keys", "History"]);

    [Fact]
    public void Tabs_WhereLookupsHaveShadowsAllTheSame_LetThemBeTakenOff()
    {
        var state = State("DATASETS_LOOKUP");
        state = state with { Settings = state.Settings.WithShadows([new ShadowShare { Generation = "v0" }]) };
        TabsOf(state).ShouldBe(["Overview", "Run & test", "Rate limits", "Shadows", "Keys", "History"]);
    }

    [Fact]
    public void Tabs_WhereOnlyAVersionThatDoesNotAnswerPredicts_LeaveOutShadowsAndDrift()
    {
        var state = State("DATASETS_LOOKUP");
        state = state with { Versions = [.. state.Versions, Version("v0", "STD_PREDICTION")] };
        TabsOf(state).ShouldNotContain("Drift");
    }

    private IReadOnlyList<string> TabsOf(DeploymentState? state) =>
        [.. Render<DeploymentHead>(p => p.Add(c => c.Id, "refs-on-dev").Add(c => c.State, state)).FindAll("nav .head-tab").Select(tab => tab.ChildNodes[0].TextContent.Trim())];

    private static DeploymentState State(params string[] types) => new()
    {
        Card = Cards.Card("refs-on-dev"),
        Infra = new InfraStatus { InfraBasicInfo = new InfraBasicInfo { Id = "dev", Stage = "Development", Type = InfraTypes.Static, GovernCheckPolicy = default }, ApiNodes = [], Deployments = [] },
        Settings = new DeploymentSettings { Id = "refs-on-dev", InfraId = "dev", PublishedServiceId = "refs", GenerationsMapping = GenerationsMapping.Single("v1") },
        Revision = 1,
        Updates = [],
        Versions = [Version("v1", types)],
    };

    private static PublishedVersion Version(string id, params string[] types) => new()
    {
        Id = id, CreatedOn = 1, PublishedOn = 1, Digest = id, Size = 1, Endpoints = [.. types.Select((type, at) => new PublishedEndpoint($"e{at}", type))],
    };
}
