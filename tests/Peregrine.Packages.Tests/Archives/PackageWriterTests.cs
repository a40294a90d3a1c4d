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

    [Theory]
    [InlineData("other", "other")]
    [InlineData("", "opens no endpoint")]
    public void Write_WithAKeyForNoEndpointOfTheService_IsRefused(string endpoints, string message)
    {
        var key = new ServiceApiKey { Id = "k", Hash = Digests.Of("key"u8), Endpoints = endpoints.Split(',', StringSplitOptions.RemoveEmptyEntries) };
        var authorization = new ServiceAuthorization { Method = AuthorizationMethod.ApiKeys, Keys = [key] };

        var fault = Should.Throw<PackageException>(() => new PackageBuilder { Authorization = authorization }.Write()).Fault;

        fault.Where.ShouldBe("/authorization/keys/0/endpoints");
        fault.What.ShouldContain(message);
    }

    [Theory]
    [InlineData(null, "https://issuer.test/jwks", "/authorization/oAuth2/issuer")]
    [InlineData("https://issuer.test", null, "/authorization/oAuth2/jwksUrl")]
    [InlineData("https://issuer.test", "http://issuer.test/jwks", "/authorization/oAuth2/jwksUrl")]
    [InlineData("https://issuer.test", "file:///etc/passwd", "/authorization/oAuth2/jwksUrl")]
    [InlineData("https://issuer.test", "/jwks", "/authorization/oAuth2/jwksUrl")]
    public void Write_WithTokenRulesThatCannotBeChecked_IsRefused(string? issuer, string? url, string where)
    {
        var authorization = new ServiceAuthorization { Method = AuthorizationMethod.OAuth2, OAuth2 = new ServiceOAuth2 { Issuer = issuer ?? "", JwksUrl = url } };

        Should.Throw<PackageException>(() => new PackageBuilder { Authorization = authorization }.Write()).Fault.Where.ShouldBe(where);
    }

    [Fact]
    public void Manifest_KeepsExpiryScopeAndTokenRules()
    {
        var expiry = new DateTimeOffset(2027, 1, 31, 12, 0, 0, TimeSpan.Zero);
        var authorization = new ServiceAuthorization
        {
            Method = AuthorizationMethod.OAuth2,
            Keys = [new ServiceApiKey { Id = "k", Hash = Digests.Of("key"u8), Expiry = expiry, Endpoints = ["score"] }],
            OAuth2 = new ServiceOAuth2 { Issuer = "https://issuer.test", JwksUrl = "https://issuer.test/jwks", Audiences = ["a"], Scopes = ["score"], ClockSkewSeconds = 5 },
        };

        using var package = PackageBuilder.Open(new PackageBuilder { Authorization = authorization }.Write());

        var read = package.Manifest.Authorization;
        (read.Keys[0].Expiry, read.Keys[0].Endpoints!.Single()).ShouldBe((expiry, "score"));
        (read.OAuth2!.Issuer, read.OAuth2.Scopes!.Single(), read.OAuth2.ClockSkewSeconds).ShouldBe(("https://issuer.test", "score", 5));
    }
}
