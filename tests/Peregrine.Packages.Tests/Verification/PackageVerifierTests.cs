using Peregrine.Models;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Verification;

namespace Peregrine.Packages.Tests.Verification;

public sealed class PackageVerifierTests
{
    public static TheoryData<string> Kinds() => ["binary", "multiclass", "regression"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Verify_OfAFreshPackage_ReproducesEveryGoldenRecord(string kind)
    {
        var model = kind switch { "binary" => Models.Binary(), "multiclass" => Models.Multiclass(), _ => Models.Regression() };

        var verified = Verify(new PackageBuilder { Model = model }.Write());

        verified.IsFaithful.ShouldBeTrue();
        verified.Golden["score"].Records.ShouldBe(Models.Inputs.Length);
        verified.EnsureFaithful().Endpoints["score"].ShouldBeOfType<PredictionEndpoint>().TestQueries.Count.ShouldBe(1);
    }

    [Fact]
    public void Replay_OfAModelThatDiffersInTheLastBit_NamesEachRecordThatDiffers()
    {
        var golden = GoldenRecords.Answer(CompiledModel.Compile(Models.Regression()), Models.Utf8("""{"amount":3,"country":"x"}"""));
        var expected = double.Parse(System.Text.Json.JsonDocument.Parse(golden[0].Expected).RootElement.GetProperty("prediction").GetRawText());
        var nudged = golden[0] with
        {
            Expected = System.Text.Encoding.UTF8.GetBytes($"{{\"prediction\":{double.BitIncrement(expected):R},\"ignored\":false}}"),
        };

        var refusal = Should.Throw<PackageException>(
            () => new PackageBuilder { Model = Models.Regression(), Golden = [golden[0], nudged] }.Write());

        refusal.Message.ShouldContain("1 of 2");
        refusal.Message.ShouldContain("record 1");
    }

    private static VerifiedPackage Verify(byte[] archive)
    {
        using var reader = PackageBuilder.Open(archive);
        return new PackageVerifier(EndpointKinds.All).Verify(reader, TestContext.Current.CancellationToken);
    }
}
