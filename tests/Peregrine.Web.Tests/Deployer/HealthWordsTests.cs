using Peregrine.Contracts.Deployer;
using Peregrine.Web.Components;
using Peregrine.Web.Deployer;

namespace Peregrine.Web.Tests.Deployer;

public sealed class HealthWordsTests
{
    [Fact]
    public void Traffic_OfAVersion_HasTheSameColourAloneAndBesideAnother()
    {
        GenerationsMapping.Single("v2").Traffic()[0].Variant.ShouldBe(1);
        Mapping("v1", "v2").Traffic().Select(share => share.Variant).ShouldBe([0, 1]);
    }

    [Fact]
    public void Traffic_OfVersionsThatWouldShareAColour_KeepsThemApart() =>
        Mapping("v1", "v7").Traffic().Select(share => share.Variant).Distinct().Count().ShouldBe(2);

    [Theory]
    [InlineData(DeploymentHealth.Healthy, Tone.Good)]
    [InlineData(DeploymentHealth.OutOfSync, Tone.Warn)]
    [InlineData(DeploymentHealth.Unhealthy, Tone.Bad)]
    [InlineData(DeploymentHealth.Unknown, Tone.Idle)]
    public void Tone_OfHealth_MeansWhatItsColourMeans(DeploymentHealth health, Tone tone) => health.Tone().ShouldBe(tone);

    [Fact]
    public void Reason_OfSeveralFindings_IsTheWorst() =>
        Cards.Card("d", DeploymentHealth.Unhealthy).HealthMessages.Reason().ShouldBe("node 2 does not answer");

    private static GenerationsMapping Mapping(string first, string second) => new()
    {
        Mode = MappingMode.MultiGeneration, Entries = [new GenerationShare(first, 0.5), new GenerationShare(second, 0.5)],
    };
}
