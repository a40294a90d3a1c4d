using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Contracts.Files;

namespace Peregrine.Serving.Tests.Survival;

/// <summary>A node that starts on a full disk serves what it can read, and changes nothing until there is room.</summary>
public sealed class FullDiskStartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-node-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Start_OnAFullDiskWithANewAdminKey_ServesAndRefusesChangesUntilThereIsRoom()
    {
        var second = new TestPackage { Version = "v2", Model = TestModels.Binary(bias: 2) };
        await using (var node = await new ApiNodeBuilder().On(_folder).WithService().WithGeneration(second).StartAsync()) { }
        File.Delete(Path.Combine(_folder, "keys.json")); // so that the preset key would have to be stored
        var disk = new FullDisk();

        await using (var node = await new ApiNodeBuilder().On(_folder).WithServices(services => services.AddSingleton<FileLayer>(disk)).StartAsync())
        {
            (await node.GetAsync("readyz")).ShouldSucceed();
            (await node.GetAsync("readyz?verbose")).ShouldSucceed().Text.ShouldContain("the disk took no writes at the start");
            (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed().Generation.ShouldBe("v1");
            (await node.TryAdminAsync(HttpMethod.Post, "services/fraud/actions/switchTo/v2")).ShouldFail(HttpStatusCode.InsufficientStorage, "DiskFull");
            (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed().Generation.ShouldBe("v1");
            disk.HasRoom = true;
            await node.SwitchAsync("v2");
            (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed().Generation.ShouldBe("v2");
        }

        await using var again = await new ApiNodeBuilder().On(_folder).StartAsync();
        (await again.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed().Generation.ShouldBe("v2");
        (await again.GetAsync("readyz?verbose")).Text.ShouldNotContain("took no writes");
    }

    private sealed class FullDisk : FileLayer
    {
        private const int NoSpace = 28;

        public bool HasRoom { get; set; }

        public override Stream Create(string path, UnixFileMode? mode) => HasRoom ? base.Create(path, mode) : throw new IOException("No space left on device", NoSpace);
    }
}
