using System.Net;
using Peregrine.Hosting.Health;

namespace Peregrine.Hosting.Tests.Health;

public sealed class ProbeEndpointsTests
{
    [Fact]
    public async Task Ready_WhenAllConditionsHold_Answers200()
    {
        await using var node = await TestNode.StartAsync(services: services => services.AddReadinessCondition("store", _ => Readiness.Ready));

        using var answer = await node.Http.GetAsync("/readyz?verbose", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("[+]not-draining ok\n[+]ports ok\n[+]store ok\nready\n");
    }

    [Fact]
    public async Task Ready_WhenOneFails_Answers503AndSaysWhich_WhileLiveHolds()
    {
        var reason = (string?)null;
        await using var node = await TestNode.StartAsync(services: services => services.AddReadinessCondition(
            "store", _ => reason is null ? Readiness.Ready : Readiness.NotReady(reason)));
        reason = "the disk is full";

        using var ready = await node.Http.GetAsync("/readyz", TestContext.Current.CancellationToken);
        using var live = await node.Http.GetAsync("/livez", TestContext.Current.CancellationToken);

        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("[-]store the disk is full");
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/isAlive/")]
    [InlineData("/readyz")]
    [InlineData("/metrics")]
    public async Task Probes_NeedNoKey(string path)
    {
        await using var node = await TestNode.StartAsync();

        using var answer = await node.Http.GetAsync(path, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
