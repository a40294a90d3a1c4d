using System.Net;

namespace Peregrine.Serving.Tests.Snapshots;

public sealed class RestartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-node-").FullName;

    private string Package => Path.Combine(_folder, "services/fraud/generations/v1.zip");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Restart_AfterAStop_ServesTheLastStateWithTheSameBits()
    {
        var before = await LeaveAServingNodeAsync();
        await using var node = await new ApiNodeBuilder().On(_folder).StartAsync();
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed().Result.ShouldBe(before);
        (await node.GetAsync("readyz")).ShouldSucceed();
    }

    public static TheoryData<string> Damages() => ["truncated", "altered", "emptied", "deleted", "replaced"];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Restart_WithADamagedPackage_StartsAndSaysWhichAndWhy(string damage)
    {
        await LeaveAServingNodeAsync();
        var bytes = await File.ReadAllBytesAsync(Package);
        switch (damage)
        {
            case "truncated": await File.WriteAllBytesAsync(Package, bytes[..(bytes.Length / 2)]); break;
            case "altered": bytes[bytes.Length / 3] ^= 1; await File.WriteAllBytesAsync(Package, bytes); break;
            case "emptied": await File.WriteAllBytesAsync(Package, []); break;
            case "deleted": File.Delete(Package); break;
            default: await File.WriteAllBytesAsync(Package, new TestPackage { Model = TestModels.Binary(bias: 9) }.Write()); break;
        }

        await using var node = await new ApiNodeBuilder().On(_folder).StartAsync();
        var generation = await node.GenerationAsync("v1");
        ((string?)generation["state"]).ShouldBe("FAILED");
        ((string?)generation["message"]).ShouldNotBeNullOrEmpty();
        (await node.GetAsync("readyz?verbose")).ShouldSucceed().Text.ShouldContain("fraud/v1 failed");
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldFail(HttpStatusCode.ServiceUnavailable, "ServiceNotServing").Detail.ShouldContain("v1");

        // Pushing the same package again mends it.
        await node.ImportAsync("fraud", new TestPackage().Write());
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
    }

    [Fact]
    public async Task Restart_WithOneOfTwoMappedDamaged_AnswersFromTheOther()
    {
        await using (var node = await new ApiNodeBuilder().On(_folder).WithService().WithGeneration(new TestPackage { Version = "v2" }).StartAsync())
            await node.MapAsync("""{"entries":[{"generation":"v1","proba":0.9},{"generation":"v2","proba":0.1}]}""");
        await File.WriteAllBytesAsync(Package, [1, 2, 3]);
        await using var again = await new ApiNodeBuilder().On(_folder).StartAsync();
        for (var i = 0; i < 10; i++) (await again.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed().Generation.ShouldBe("v2");
        var mapping = (await again.AdminAsync(HttpMethod.Get, "services/fraud"))!["mapping"]!;
        mapping["entries"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Restart_WithADamagedServiceDocument_StartsTheOthersAndLeavesTheFile()
    {
        await LeaveAServingNodeAsync();
        await using (var node = await new ApiNodeBuilder().On(_folder).WithService("other").StartAsync())
            (await node.PredictFeaturesAsync(TestPackage.GoodFeatures, "other/score/predict")).ShouldSucceed();
        var document = Path.Combine(_folder, "services/fraud/service.json");
        await File.WriteAllTextAsync(document, "{\"serviceId\":");
        await using var again = await new ApiNodeBuilder().On(_folder).StartAsync();
        (await again.PredictFeaturesAsync(TestPackage.GoodFeatures, "other/score/predict")).ShouldSucceed();
        (await again.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldFail(HttpStatusCode.ServiceUnavailable, "ServiceNotServing");
        (await again.GetAsync("readyz?verbose")).Text.ShouldContain("service fraud not taken up");
        (await File.ReadAllTextAsync(document)).ShouldBe("{\"serviceId\":");
    }

    [Fact]
    public async Task Restart_WithLeftoversOfACrash_RemovesThem()
    {
        await LeaveAServingNodeAsync();
        var leftover = Path.Combine(_folder, "services/fraud/generations/v2.zip.0123.tmp");
        await File.WriteAllTextAsync(leftover, "half");
        var beside = Path.Combine(_folder, "keys.json.0123.tmp");
        await File.WriteAllTextAsync(beside, "half");
        Directory.CreateDirectory(Path.Combine(_folder, "services/gone/generations"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "services/gone/deleted.json"), "{}");
        await using var node = await new ApiNodeBuilder().On(_folder).StartAsync();
        File.Exists(leftover).ShouldBeFalse();
        File.Exists(beside).ShouldBeFalse();
        Directory.Exists(Path.Combine(_folder, "services/gone")).ShouldBeFalse();
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
    }

    [Fact]
    public async Task Restart_OnANewerFormat_LeavesItAlone()
    {
        await LeaveAServingNodeAsync();
        var document = Path.Combine(_folder, "services/fraud/service.json");
        await File.WriteAllTextAsync(document, """{"formatVersion":99,"serviceId":"fraud"}""");
        await using var node = await new ApiNodeBuilder().On(_folder).StartAsync();
        (await node.GetAsync("readyz?verbose")).Text.ShouldContain("newer Peregrine");
    }

    private async Task<string> LeaveAServingNodeAsync()
    {
        await using var node = await new ApiNodeBuilder().On(_folder).WithService().StartAsync();
        return (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed().Result;
    }
}
