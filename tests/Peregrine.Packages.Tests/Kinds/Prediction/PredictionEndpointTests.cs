using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Verification;
using Peregrine.Records;

namespace Peregrine.Packages.Tests.Kinds.Prediction;

public sealed class PredictionEndpointTests
{
    [Fact]
    public void Score_LeavesTheScannerBehindTheFeatures()
    {
        var endpoint = Load(new PackageBuilder());
        var json = new JsonScanner("""{"amount":1,"country":"FR"},"context":{}"""u8);
        var context = endpoint.Model.Rent();

        endpoint.Score(ref json, context).ShouldBe(RecordFault.None);

        json.Position.ShouldBe("""{"amount":1,"country":"FR"}""".Length);
        var output = new ArrayBufferWriter<byte>();
        endpoint.Results.Write(context, output);
        JsonDocument.Parse(output.WrittenMemory).RootElement.GetProperty("prediction").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Theory]
    [InlineData(FeaturePolicy.Refuse, FeaturePolicy.Refuse, """{"amount":1,"country":"FR","more":1}""", RecordFaultCode.UnknownField)]
    [InlineData(FeaturePolicy.Ignore, FeaturePolicy.Refuse, """{"amount":1,"country":"FR","more":1}""", RecordFaultCode.None)]
    [InlineData(FeaturePolicy.Refuse, FeaturePolicy.Refuse, """{"amount":1}""", RecordFaultCode.MissingField)]
    [InlineData(FeaturePolicy.Refuse, FeaturePolicy.Ignore, """{"amount":1}""", RecordFaultCode.None)]
    [InlineData(FeaturePolicy.Refuse, FeaturePolicy.Refuse, """{"amount":1,"country":null,"id":7,"is_fraud":"1"}""", RecordFaultCode.None)]
    public void Settings_DecideWhatARecordMayLack(FeaturePolicy unknown, FeaturePolicy missing, string features, RecordFaultCode expected)
    {
        var endpoint = Load(new PackageBuilder { Settings = new PredictionSettings { UnknownFeatures = unknown, MissingFeatures = missing } });
        var json = new JsonScanner(Encoding.UTF8.GetBytes(features));

        endpoint.Score(ref json, endpoint.Model.Rent()).Code.ShouldBe(expected);
    }

    [Theory]
    [InlineData("endpoints/score/model.pgm", "no zip", PackageFaultCode.BadModel)]
    [InlineData("endpoints/score/golden.jsonl", "", PackageFaultCode.BadStructure)]
    [InlineData("endpoints/score/golden.jsonl", "{\"input\":{}}\n", PackageFaultCode.BadStructure)]
    [InlineData("endpoints/score/golden.jsonl", "not json\n", PackageFaultCode.BadStructure)]
    [InlineData("endpoints/score/test-queries.json", "{}", PackageFaultCode.BadStructure)]
    public void Load_OfAnEntryWithoutMeaning_SaysWhichEntry(string entry, string content, PackageFaultCode code)
    {
        using var reader = PackageBuilder.Open(HostileArchive.Replace(entry, Encoding.UTF8.GetBytes(content)));

        var refusal = Should.Throw<PackageException>(
            () => new PackageVerifier(EndpointKinds.All).Verify(reader, TestContext.Current.CancellationToken));

        refusal.Fault.Code.ShouldBe(code, refusal.Message);
        refusal.Fault.Where.ShouldBe(entry);
    }

    [Theory]
    [InlineData("\"ignoredFields\":[", "\"ignoredFields\":null,\"x\":[")]
    [InlineData("\"inputs\":[", "\"inputs\":[null,")]
    [InlineData("\"features\":[", "\"features\":null,\"x\":[")]
    public void Load_OfAModelWithNullsWhereNoneBelong_IsRefusedAsABadModel(string found, string replacement)
    {
        using var reader = PackageBuilder.Open(HostileArchive.Replace(
            "endpoints/score/model.pgm", WithSpec(Models.Binary(), spec => spec.Replace(found, replacement, StringComparison.Ordinal))));

        Should.Throw<PackageException>(() => new PackageVerifier(EndpointKinds.All).Verify(reader, TestContext.Current.CancellationToken))
            .Fault.Code.ShouldBe(PackageFaultCode.BadModel);
    }

    private static byte[] WithSpec(ModelArtifact model, Func<string, string> change)
    {
        var spec = JsonSerializer.Serialize(model.Spec, ModelJson.Default.ModelSpec);
        change(spec).ShouldNotBe(spec);
        using var target = new MemoryStream();
        using (var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
            HostileArchive.Add(zip, "model.json", Encoding.UTF8.GetBytes(change(spec)));
        return target.ToArray();
    }

    [Fact]
    public void Load_OfGoldenRecordsFromElsewhere_IsNotFaithful()
    {
        var golden = "{\"input\":{\"amount\":1,\"country\":\"FR\"},\"result\":{\"prediction\":\"1\"}}\n{\"input\":{\"nope\":1},\"result\":{}}\n";
        using var reader = PackageBuilder.Open(HostileArchive.Replace("endpoints/score/golden.jsonl", Encoding.UTF8.GetBytes(golden)));

        var verified = new PackageVerifier(EndpointKinds.All).Verify(reader, TestContext.Current.CancellationToken);

        verified.IsFaithful.ShouldBeFalse();
        verified.Golden["score"].Mismatches.Select(mismatch => mismatch.Record).ShouldBe([0, 1]);
        verified.Golden["score"].Mismatches[1].Actual.ShouldContain("'nope'");
        Should.Throw<PackageException>(() => verified.EnsureFaithful()).Fault.Code.ShouldBe(PackageFaultCode.GoldenMismatch);
    }

    [Fact]
    public void Load_OfAnUnknownKind_NamesTheKnownOnes()
    {
        using var reader = PackageBuilder.Open(HostileArchive.Rewrite(manifest: manifest => manifest["endpoints"]![0]!["kind"] = "STD_MAGIC"));

        Should.Throw<PackageException>(() => new PackageVerifier(EndpointKinds.All).Verify(reader, TestContext.Current.CancellationToken))
            .Message.ShouldContain("STD_PREDICTION");
    }

    [Theory]
    [InlineData("""{"unknownFeatures":"IGNORE"}""", 0)]
    [InlineData("""{}""", 0)]
    [InlineData("""{"unknownFeatures":"MAYBE"}""", 1)]
    [InlineData("""{"missingFeatures":1}""", 1)]
    [InlineData("""{"wrongTypes":"COUNT","convertedTypes":"WARN","outOfRange":"REFUSE","unseenCategories":"IGNORE","quiet":true}""", 0)]
    [InlineData("""{"outOfRange":"REFUSED"}""", 1)]
    [InlineData("""{"quiet":"yes"}""", 1)]
    [InlineData("""{"quiet":true,"explanations":{"enabled":true}}""", 1)]
    [InlineData("""[]""", 1)]
    public void Validate_FindsSettingsThatDoNotFit(string settings, int faults)
    {
        using var document = JsonDocument.Parse(settings);

        new PredictionEndpointKind().Validate(document.RootElement).Count.ShouldBe(faults);
    }

    [Fact]
    public void Settings_OfAPackageOfBefore_TakeTypesRangesAndCategoriesAsBefore()
    {
        var settings = JsonSerializer.Deserialize<PredictionSettings>("""{"unknownFeatures":"REFUSE"}""", JsonSerializerOptions.Web)!;
        using var reader = PackageBuilder.Open(HostileArchive.Rewrite(manifest: manifest => manifest["endpoints"]![0]!["settings"] = new System.Text.Json.Nodes.JsonObject()));
        var endpoint = (PredictionEndpoint)EndpointKinds.All.Get("STD_PREDICTION", "score").Load(reader.Manifest.Endpoints[0], reader);

        foreach (var one in new[] { settings, endpoint.Settings })
        {
            (one.UnknownFeatures, one.MissingFeatures, one.WrongTypes).ShouldBe((FeaturePolicy.Refuse, FeaturePolicy.Refuse, FeaturePolicy.Refuse));
            (one.ConvertedTypes, one.OutOfRange, one.UnseenCategories, one.Quiet).ShouldBe((FeaturePolicy.Ignore, FeaturePolicy.Ignore, FeaturePolicy.Ignore, false));
        }
    }

    [Fact]
    public void Pack_RangesOfAModelThatDoesNotKnowThem_IsRefused() =>
        Should.Throw<PackageException>(() => new PackageBuilder { Settings = new PredictionSettings { OutOfRange = FeaturePolicy.Warn } }.Write())
            .Message.ShouldContain("does not say what training saw");

    [Fact]
    public void Golden_ThatIsPrettyPrinted_KeepsToItsLine()
    {
        var endpoint = Load(new PackageBuilder { GoldenInputs = ["{\n  \"amount\": 1,\r\n  \"country\": \"FR\"\n}"] });

        endpoint.ReplayGolden(TestContext.Current.CancellationToken).ShouldSatisfyAllConditions(
            report => report.Records.ShouldBe(1), report => report.Mismatches.ShouldBeEmpty());
    }

    private static PredictionEndpoint Load(PackageBuilder builder)
    {
        using var reader = PackageBuilder.Open(builder.Write());
        return (PredictionEndpoint)EndpointKinds.All.Get("STD_PREDICTION", "score").Load(reader.Manifest.Endpoints[0], reader);
    }
}
