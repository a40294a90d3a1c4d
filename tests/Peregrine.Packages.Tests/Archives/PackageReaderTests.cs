using System.IO.Compression;
using System.Text.Json.Nodes;
using Peregrine.Packages.Archives;

namespace Peregrine.Packages.Tests.Archives;

public sealed class PackageReaderTests
{
    [Fact]
    public void Open_OfAFile_GivesEveryEntryOfTheManifest()
    {
        using var folder = new TestFolder();
        File.WriteAllBytes(folder.File("p.zip"), new PackageBuilder().Write());

        using var reader = PackageReader.Open(folder.File("p.zip"));

        foreach (var (name, entry) in reader.Manifest.Entries) reader.Read(name).Length.ShouldBe((int)entry.Length);
    }

    [Fact]
    public void Open_OfANewerFormat_SaysWhichAndWhatToDo()
    {
        var archive = HostileArchive.Rewrite(manifest: manifest =>
        {
            manifest["formatVersion"] = 2;
            manifest.Remove("serviceId");
        });

        var refusal = Refused(archive, PackageFaultCode.NewerFormat);

        refusal.Message.ShouldContain("format 2");
        refusal.Message.ShouldContain("Upgrade");
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK")]
    [InlineData("this is a text file, and longer than a seal would be: lorem ipsum dolor sit amet consectetur adipiscing")]
    public void Open_OfSomethingElse_IsRefused(string text) =>
        Refused(System.Text.Encoding.UTF8.GetBytes(text), PackageFaultCode.NotAPackage).Message.ShouldContain("seal");

    [Fact]
    public void Open_OfAPackageThatWasPackedAgain_IsRefused()
    {
        var target = new MemoryStream();
        using (var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true)) HostileArchive.Add(zip, "manifest.json", "{}"u8.ToArray());

        Refused(target.ToArray(), PackageFaultCode.NotAPackage).Message.ShouldContain("packed again");
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/passwd")]
    [InlineData("endpoints/../../evil")]
    [InlineData("C:\\evil")]
    [InlineData("endpoints//x")]
    [InlineData("folder/")]
    [InlineData(".hidden")]
    public void Open_WithAPathThatLeadsElsewhere_IsRefused(string path) =>
        Refused(HostileArchive.Rewrite(extra: zip => HostileArchive.Add(zip, path, [1])), PackageFaultCode.BadStructure)
            .Message.ShouldContain("path");

    [Fact]
    public void Open_WithTheSameEntryTwice_IsRefused() =>
        Refused(HostileArchive.Rewrite(extra: zip => HostileArchive.Add(zip, "endpoints/score/model.pgm", [1])), PackageFaultCode.BadStructure)
            .Message.ShouldContain("twice");

    [Fact]
    public void Open_WithAnEntryThatTheManifestDoesNotName_IsRefused() =>
        Refused(HostileArchive.Rewrite(extra: zip => HostileArchive.Add(zip, "endpoints/score/extra.bin", [1])), PackageFaultCode.BadStructure)
            .Fault.Where.ShouldBe("endpoints/score/extra.bin");

    [Fact]
    public void Open_WithoutAnEntryThatTheManifestNames_IsRefused() =>
        Refused(HostileArchive.Rewrite(entries => entries.Remove("endpoints/score/golden.jsonl")), PackageFaultCode.BadStructure)
            .Fault.Where.ShouldBe("endpoints/score/golden.jsonl");

    [Fact]
    public void Open_WithoutAManifest_IsRefused() =>
        Refused(HostileArchive.Rewrite(entries => entries.Remove("manifest.json")), PackageFaultCode.BadStructure)
            .Message.ShouldContain("lacks its manifest");

    [Fact]
    public void Open_OfACompressedEntry_IsRefusedBeforeItIsUnpacked()
    {
        var archive = HostileArchive.Rewrite(
            entries => entries["endpoints/score/model.pgm"] = new byte[50_000_000],
            manifest => manifest["entries"]!["endpoints/score/model.pgm"]!["length"] = 50_000_000,
            compression: CompressionLevel.Optimal);
        archive.Length.ShouldBeLessThan(200_000);

        Refused(archive, PackageFaultCode.BadStructure).Message.ShouldContain("compressed");
    }

    [Fact]
    public void Open_WithAnEntryThatClaimsMoreThanTheArchiveHas_IsRefusedBeforeItIsAllocated()
    {
        var archive = HostileArchive.Claim("endpoints/score/model.pgm", 400_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var refusal = Should.Throw<PackageException>(() =>
        {
            using var reader = PackageBuilder.Open(archive);
            reader.Read("endpoints/score/model.pgm");
        });

        refusal.Fault.Code.ShouldBe(PackageFaultCode.BadStructure, refusal.Message);
        refusal.Message.ShouldContain("claims 400,000,000 bytes");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000_000);
    }

    [Fact]
    public void Open_AboveALimit_IsRefused()
    {
        var archive = new PackageBuilder().Write();

        Refused(archive, PackageFaultCode.TooLarge, new PackageLimits { MaxArchiveBytes = archive.Length - 1 });
        Refused(archive, PackageFaultCode.TooLarge, new PackageLimits { MaxEntries = 3 });
        Refused(archive, PackageFaultCode.TooLarge, new PackageLimits { MaxEntryBytes = 100 }).Fault.Where.ShouldNotBeEmpty();
        Refused(archive, PackageFaultCode.TooLarge, new PackageLimits { MaxManifestBytes = 100 }).Fault.Where.ShouldBe("manifest.json");
        PackageBuilder.Open(archive, new PackageLimits { MaxArchiveBytes = archive.Length, MaxEntries = 4 }).Dispose();
    }

    [Fact]
    public void Read_OfAnEntryThatWasSwapped_IsRefused()
    {
        var archive = HostileArchive.Rewrite(entries =>
        {
            var golden = entries["endpoints/score/golden.jsonl"];
            golden[5] ^= 1;
        });
        using var reader = PackageBuilder.Open(archive);

        Should.Throw<PackageException>(() => reader.Read("endpoints/score/golden.jsonl")).Message.ShouldContain("digest");
    }

    [Theory]
    [InlineData("serviceId", "\"a/b\"", "/serviceId")]
    [InlineData("serviceId", "null", "manifest.json")]
    [InlineData("endpoints", "[]", "/endpoints")]
    [InlineData("endpoints", "{}", "manifest.json")]
    [InlineData("authorization", "{\"method\":\"PASSWORD\"}", "manifest.json")]
    [InlineData("authorization", "{\"method\":0}", "manifest.json")]
    [InlineData("authorization", "{\"method\":\"API_KEYS\",\"keys\":[{\"id\":\"a\",\"hash\":\"ABC\"}]}", "/authorization/keys/0/hash")]
    [InlineData("formatVersion", "\"1\"", "manifest.json")]
    [InlineData("formatVersion", "0", "manifest.json")]
    public void Open_WithABadMember_SaysWhere(string member, string json, string where) =>
        Refused(HostileArchive.Rewrite(manifest: manifest => manifest[member] = JsonNode.Parse(json)), PackageFaultCode.BadManifest)
            .Fault.Where.ShouldBe(where);

    [Fact]
    public void Open_WithTwoEndpointsOfOneId_IsRefused() =>
        Refused(HostileArchive.Rewrite(manifest: manifest => manifest["endpoints"]!.AsArray().Add(manifest["endpoints"]![0]!.DeepClone())),
            PackageFaultCode.BadManifest).Fault.Where.ShouldBe("/endpoints/1/id");

    private static PackageException Refused(byte[] archive, PackageFaultCode code, PackageLimits? limits = null)
    {
        var refusal = Should.Throw<PackageException>(() => PackageBuilder.Open(archive, limits).Dispose());
        refusal.Fault.Code.ShouldBe(code, refusal.Message);
        refusal.Fault.Remedy.ShouldNotBeEmpty();
        return refusal;
    }
}
