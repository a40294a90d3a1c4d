using System.Net;

namespace Peregrine.Serving.Tests.Snapshots;

public sealed class HealthTests
{
    [Fact]
    public async Task Readyz_Verbose_TellsEachServiceAndGeneration()
    {
        await using var node = await new ApiNodeBuilder().WithService().WithGeneration(new TestPackage { Version = "v2" }).StartAsync();
        await node.TryAdminAsync(HttpMethod.Post, "services", """{"serviceId":"empty"}""");
        var text = (await node.GetAsync("readyz?verbose")).ShouldSucceed().Text;
        text.ShouldContain("fraud serving\n");
        text.ShouldContain("fraud/v1 ready, share 1\n");
        text.ShouldContain("fraud/v2 available\n");
        text.ShouldContain("empty not serving: ");
        (await node.GetAsync("readyz")).ShouldSucceed().Text.ShouldBe("ok\n");
        (await node.GetAsync("readyz?verbose&exclude=api-services")).ShouldSucceed().Text.ShouldNotContain("fraud");
    }

    [Fact]
    public async Task IsAlive_WithTheOperatorsFile_Fails_WhileRequestsAreAnswered()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.GetAsync("isAlive/")).ShouldSucceed();
        var file = Path.Combine(node.Folder, "apinode-not-alive.txt");
        await File.WriteAllTextAsync(file, "");
        (await node.GetAsync("isAlive/")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await node.GetAsync("isAlive")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await node.GetAsync("livez")).ShouldSucceed();
        (await node.GetAsync("readyz")).ShouldSucceed();
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        File.Delete(file);
        (await node.GetAsync("isAlive/")).ShouldSucceed();
    }
}
