using System.Runtime.CompilerServices;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Manifests;
using Peregrine.Packages.Verification;

namespace Peregrine.Packages.Tests.Fixtures;

/// <summary>A package of every format so far loads, holds and answers as on the day it was made. See README.md beside it.</summary>
public sealed class StoredPackageTests
{
    private const string Variable = "PEREGRINE_WRITE_FIXTURE";

    /// <summary>Format and digest of each stored package: none of them ever changes.</summary>
    public static TheoryData<int, string> Stored() => new() { { 1, "91d2107d2a0af212416cc6afe7369a75c2fb5b75d1f4244d00e6e3fca427c677" } };

    [Theory]
    [MemberData(nameof(Stored))]
    public void Package_OfEveryFormat_LoadsAndReplaysItsAnswersBitForBit(int format, string digest)
    {
        using var reader = PackageReader.Open(PathOf(format));
        reader.Manifest.FormatVersion.ShouldBe(format);
        reader.Digest.ShouldBe(digest, "a stored package was changed");

        var verified = new PackageVerifier(EndpointKinds.All).Verify(reader, TestContext.Current.CancellationToken).EnsureFaithful();

        verified.Endpoints.Keys.Order(StringComparer.Ordinal).ShouldBe(["binary", "multiclass", "regression", "trees"]);
        verified.Golden.Values.ShouldAllBe(report => report.Records == 5 && report.Mismatches.Count == 0);
    }

    [Fact]
    public void Package_OfTheNewestFormat_IsStored()
    {
        var path = PathOf(ServicePackageManifest.CurrentFormat);
        if (Environment.GetEnvironmentVariable(Variable) == "1" && !File.Exists(path))
        {
            using var package = new MemoryStream();
            new PackageWriter(EndpointKinds.All).Write(FixtureContent.Make(), package);
            File.WriteAllBytes(path, package.ToArray());
        }

        File.Exists(path).ShouldBeTrue($"'{path}' is missing: run this test once with {Variable}=1, and add the file's digest above.");
    }

    private static string PathOf(int format, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, $"format-{format}.zip");
}
