using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.Tests.Metrics;

public sealed class RecentLatencyTests
{
    [Fact]
    public async Task Of_AfterAQuietMinute_ForgetsWhatCameBefore()
    {
        await using var node = await new ApiNodeBuilder().StartAsync();
        var clock = new FakeTimeProvider();
        var metrics = node.Services.GetRequiredService<ServingMetrics>();
        using var recent = new RecentLatency(metrics, clock);
        var meter = metrics.MeterFor("s", "e", "g");
        for (var i = 0; i < 10; i++) meter.Latency.Add(100_000);
        recent.Of(meter).Requests.ShouldBe(10);

        for (var step = 0; step < 6; step++)
        {
            recent.Mark();
            clock.Advance(TimeSpan.FromSeconds(10));
        }

        for (var i = 0; i < 4; i++) meter.Latency.Add(200);
        var window = recent.Of(meter);
        (window.Requests, window.TotalMicroseconds, window.Length).ShouldBe((4, 800, TimeSpan.FromSeconds(60)));
        LatencyBuckets.Percentile(window.Counts, 0.999).ShouldBeInRange(200, 213);
        meter.Latency.Percentile(0.5).ShouldBeInRange(100_000, 106_250);
    }

    [Fact]
    public async Task AdminMetrics_OfAnEndpoint_TellsP999AndTheRecentWindow()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        for (var i = 0; i < 3; i++) (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        var endpoint = (await node.AdminAsync(HttpMethod.Get, "metrics"))!["endpoints"]!.AsArray().Single(one => (string?)one!["generation"] == "v1")!;
        ((double?)endpoint["latencyMs"]!["p999"]).ShouldNotBeNull().ShouldBeGreaterThan(0);
        ((long?)endpoint["recent"]!["requests"]).ShouldBe(3);
        ((double?)endpoint["recent"]!["latencyMs"]!["p99"]).ShouldNotBeNull().ShouldBeGreaterThan(0);
    }
}
