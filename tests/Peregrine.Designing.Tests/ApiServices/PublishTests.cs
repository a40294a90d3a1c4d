using System.Net;
using System.Net.Sockets;
using Peregrine.Designing.Tests.Support;

namespace Peregrine.Designing.Tests.ApiServices;

public sealed class PublishTests
{
    [Fact]
    public async Task Publish_WhenTheDeployerRefusesOrIsAway_SaysSoAndKeepsThePackage()
    {
        await using var deployer = await RecordingDeployer.StartAsync();
        var directory = Directory.CreateTempSubdirectory("peregrine-publish-").FullName;
        string service;
        await using (var node = await StartAsync(directory, deployer.Url, RecordingDeployer.Key))
        {
            await node.CreateDatasetAsync("pay", PaymentTable.Csv(300));
            var task = await node.CreateTaskAsync("pay", "is_fraud");
            var model = (await node.TrainAsync(task, "logistic_regression")).Single();
            service = await node.CreateServiceAsync("fraud", await node.DeployAsync(task, model, "pay"));
            (await node.SendAsync(HttpMethod.Post, $"{service}/packages/v1")).EnsureSuccessStatusCode();
            (await node.SendAsync(HttpMethod.Post, $"{service}/packages/v1/publish?publishedServiceId=cards")).EnsureSuccessStatusCode();
            deployer.Services["cards"].ShouldContainKey("v1");
            deployer.Refusal = (409, """{"errorType":"Conflict","message":"Version 'v1' is there with another digest."}""");
            var refused = await node.RefusedAsync(409, HttpMethod.Post, $"{service}/packages/v1/publish");
            refused["message"]!.GetValue<string>().ShouldContain("another digest");
        }

        await using (var node = await StartAsync(directory, deployer.Url, "another-key-0123456789"))
        {
            var refused = await node.RefusedAsync(502, HttpMethod.Post, $"{service}/packages/v1/publish");
            refused["errorType"]!.GetValue<string>().ShouldBe("DeployerKeyRefused");
        }

        await using (var node = await StartAsync(directory, new Uri($"http://127.0.0.1:{FreePort()}"), "any-key-0123456789"))
        {
            var refused = await node.RefusedAsync(502, HttpMethod.Post, $"{service}/packages/v1/publish");
            refused["errorType"]!.GetValue<string>().ShouldBe("DeployerOutOfReach");

            // The package is as it was, after two restarts.
            (await node.ListAsync($"{service}/packages")).Single()!["publishedServiceId"]!.GetValue<string>().ShouldBe("cards");
            using var archive = await node.SendAsync(HttpMethod.Get, $"{service}/packages/v1/archive");
            (await archive.Content.ReadAsByteArrayAsync()).ShouldBe(deployer.Services["cards"]["v1"]);
        }

        // An archive that is no longer what was kept is never handed out.
        await using (var node = await StartAsync(directory, deployer.Url, RecordingDeployer.Key))
        {
            var digest = (await node.GetAsync($"{service}/packages/v1/summary"))["digest"]!.GetValue<string>();
            var path = Path.Combine(directory, "blobs", "sha256", digest[..2], digest);
            await File.WriteAllBytesAsync(path, [.. (await File.ReadAllBytesAsync(path))[..^1], 0]);
            var lost = await node.RefusedAsync(500, HttpMethod.Get, $"{service}/packages/v1/archive");
            lost["errorType"]!.GetValue<string>().ShouldBe("BlobLost");
        }

        Directory.Delete(directory, recursive: true);
    }

    private static Task<DesignNode> StartAsync(string directory, Uri deployer, string key) =>
        DesignNode.StartAsync(directory, options =>
        {
            options.DeployerUrl = deployer;
            options.DeployerKey = key;
        });

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
