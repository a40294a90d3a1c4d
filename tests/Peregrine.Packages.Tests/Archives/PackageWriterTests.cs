using System.IO.Compression;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Manifests;

namespace Peregrine.Packages.Tests.Archives;

public sealed class PackageWriterTests
{
    [Fact]
    public void Write_OfEqualContent_GivesEqualBytes()
    {
        var first = new PackageBuilder().Write(out var a);
        var second = new PackageBuilder().Write(out var b);

        second.ShouldBe(first);
        b.Digest.ShouldBe(a.Digest);
        a.Digest.ShouldBe(Digests.Of(first));
    }

    [Fact]
    public void Write_OfOtherContent_GivesAnotherDigest()
    {
        new PackageBuilder().Write(out var a);
        new PackageBuilder { VersionId = "v2" }.Write(out var b);

        b.Digest.ShouldNotBe(a.Digest);
    }

    [Fact]
    public void Write_GivesAZipThatOtherProgramsOpen()
    {
        using var zip = new ZipArchive(new MemoryStream(new PackageBuilder().Write()));

        zip.Entries.Select(entry => entry.FullName).ShouldBe(
            ["manifest.json", "endpoints/score/golden.jsonl", "endpoints/score/model.pgm", "endpoints/score/test-queries.json"]);
    }

    [Fact]
    public void Write_ThenOpen_GivesTheManifestBack()
    {
        var keys = new ServiceAuthorization
        {
            Method = AuthorizationMethod.ApiKeys, Keys = [new ServiceApiKey { Id = "k1", Label = "till", Hash = Digests.Of("key"u8) }],
        };
        var builder = new PackageBuilder
        {
            Authorization = keys,
            Settings = new PredictionSettings { ModelRef = "m1", UnknownFeatures = FeaturePolicy.Ignore },
        };
        var archive = builder.Write(out var written);

        using var reader = PackageBuilder.Open(archive);

        reader.Digest.ShouldBe(written.Digest);
        var manifest = reader.Manifest;
        manifest.FormatVersion.ShouldBe(1);
        (manifest.ServiceId, manifest.VersionId, manifest.ReleaseNotes).ShouldBe(("fraud", "v1", "first"));
        manifest.Authorization.Method.ShouldBe(AuthorizationMethod.ApiKeys);
        manifest.Authorization.Keys.ShouldBe(keys.Keys);
        manifest.Endpoints.Single().Kind.ShouldBe("STD_PREDICTION");
        manifest.Endpoints.Single().Settings.GetProperty("unknownFeatures").GetString().ShouldBe("IGNORE");
        manifest.Endpoints.Single().Settings.GetProperty("missingFeatures").GetString().ShouldBe("REFUSE");
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("naïve")]
    public void Write_WithAnIdThatCannotStandInAPath_IsRefused(string id)
    {
        var refusal = Should.Throw<PackageException>(() => new PackageBuilder { EndpointId = id }.Write());

        refusal.Fault.Code.ShouldBe(PackageFaultCode.BadManifest);
        refusal.Message.ShouldContain(PackageIds.Rule);
    }

    [Fact]
    public void Write_WithoutGoldenRecords_IsRefused() =>
        Should.Throw<PackageException>(() => new PackageBuilder { Golden = [] }.Write()).Message.ShouldContain("golden");

    [Fact]
    public void Write_WithAGoldenRecordThatTheModelDoesNotReproduce_IsRefused()
    {
        var golden = new GoldenRecord("""{"amount":1,"country":"FR"}"""u8.ToArray(), """{"prediction":"1"}"""u8.ToArray());

        var refusal = Should.Throw<PackageException>(() => new PackageBuilder { Golden = [golden] }.Write());

        refusal.Fault.Code.ShouldBe(PackageFaultCode.GoldenMismatch);
        refusal.Message.ShouldContain("record 0");
    }

    [Fact]
    public void Write_WithAKeyInsteadOfItsHash_IsRefused()
    {
        var authorization = new ServiceAuthorization
        {
            Method = AuthorizationMethod.ApiKeys, Keys = [new ServiceApiKey { Id = "k", Hash = "the key itself" }],
        };

        Should.Throw<PackageException>(() => new PackageBuilder { Authorization = authorization }.Write())
            .Fault.Where.ShouldBe("/authorization/keys/0/hash");
    }
}
