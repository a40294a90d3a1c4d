using System.Text;
using System.Text.Json;
using Peregrine.Models;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Clustering;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Packages.Manifests;
using Peregrine.Packages.Verification;

namespace Peregrine.Packages.Tests.Kinds.Clustering;

public sealed class ClusteringEndpointKindTests
{
    /// <summary>By hand: amount 12 is 4 and FR is (1, 0), so the squares are 16 + 1 + 0 and 1 + 1 + 1.</summary>
    [Fact]
    public void Answer_OfARecord_IsItsClusterWithTheDistances()
    {
        Answer("""{"amount":12,"country":"FR"}""").ShouldBe(
            """{"prediction":"clüster \"1\"","distance":1.7320508075688772,"distances":{"cluster_0":4.123105625617661,"clüster \"1\"":1.7320508075688772},"ignored":false}""");
        Answer("""{"amount":0,"country":"XX"}""").ShouldStartWith("""{"prediction":"cluster_0","distance":0,""");
        Answer("""{"amount":90,"country":"XX"}""").ShouldStartWith("""{"prediction":"cluster_outliers","distance":27.01""");
        Answer("""{"amount":-1e300,"country":"FR"}""").ShouldBe("""{"ignored":true,"ignoreReason":"IGNORED_BY_MODEL"}""");
    }

    [Fact]
    public void Package_WrittenAndVerified_ReproducesItsGoldenRecords()
    {
        using var reader = PackageBuilder.Open(Write(new PredictionSettings()));
        var package = new PackageVerifier(EndpointKinds.All).Verify(reader, TestContext.Current.CancellationToken).EnsureFaithful();
        package.Manifest.Endpoints.ShouldHaveSingleItem().Kind.ShouldBe("STD_CLUSTERING");
        package.Endpoints["groups"].Kind.ShouldBe("STD_CLUSTERING");
    }

    [Fact]
    public void Settings_ThatExplain_AreRefusedWhereTheyStand()
    {
        var explaining = new PredictionSettings { Explanations = new ExplanationSettings { Enabled = true } };
        var kind = EndpointKinds.All.Find("STD_CLUSTERING").ShouldNotBeNull();
        kind.Validate(JsonSerializer.SerializeToElement(explaining, PackagesJson.Default.PredictionSettings)).ShouldHaveSingleItem().Where.ShouldBe("explanations/enabled");
        kind.Validate(JsonSerializer.SerializeToElement(new PredictionSettings(), PackagesJson.Default.PredictionSettings)).ShouldBeEmpty();
        var refusal = Should.Throw<PackageException>(() => Write(explaining));
        refusal.Fault.Where.ShouldBe("endpoint 'groups' settings/explanations/enabled");
        refusal.Message.ShouldContain("no score to explain");
    }

    [Fact]
    public void Pack_OfAModelOfAnotherKind_NamesTheKindThatFits()
    {
        var golden = GoldenRecords.Answer(CompiledModel.Compile(Models.Binary()), Models.Utf8(Models.Inputs));
        var source = new ClusteringEndpointSource { Id = "groups", Model = Models.Binary(), Golden = golden };
        Should.Throw<PackageException>(() => Write(source)).Message.ShouldContain("cannot answer by a BinaryClassification model");
        var clusters = new PredictionEndpointSource { Id = "groups", Model = Models.Clusters(), Golden = Golden() };
        Should.Throw<PackageException>(() => Write(clusters)).Message.ShouldContain("of kind STD_CLUSTERING");
    }

    private static string Answer(string features) =>
        Encoding.UTF8.GetString(GoldenRecords.Answer(CompiledModel.Compile(Models.Clusters()), Models.Utf8(features))[0].Expected.Span);

    private static IReadOnlyList<GoldenRecord> Golden() => GoldenRecords.Answer(CompiledModel.Compile(Models.Clusters()), Models.Utf8(Models.Inputs));

    private static byte[] Write(PredictionSettings settings) =>
        Write(new ClusteringEndpointSource { Id = "groups", Settings = settings, Model = Models.Clusters(), Golden = Golden() });

    private static byte[] Write(EndpointSource source)
    {
        using var target = new MemoryStream();
        new PackageWriter(EndpointKinds.All).Write(new PackageBuilder().Content() with { Endpoints = [source] }, target);
        return target.ToArray();
    }
}
