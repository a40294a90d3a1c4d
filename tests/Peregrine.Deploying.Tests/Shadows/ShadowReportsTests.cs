using Peregrine.Contracts.ApiNode.Shadows;
using Peregrine.Deploying.Shadows;

namespace Peregrine.Deploying.Tests.Shadows;

public sealed class ShadowReportsTests
{
    [Fact]
    public void Merge_OfTwoNodes_AddsCountsAndTakesPercentilesOfAll()
    {
        // 99 durations of 1 ms on one node, 1 of 9 ms and 2 of 20 ms on the other: of 102, the 51st is 1 ms and the 101st is 20 ms.
        var merged = ShadowReports.Merge(
        [
            Report(records: 10, agreed: 9, [new ShadowFlip("0", "1", 1)], new ShadowDistance(10, 0.1, 0.5), [[1000, 99]], mean: 1),
            Report(records: 30, agreed: 20, [new ShadowFlip("1", "0", 7), new ShadowFlip("0", "1", 3)], new ShadowDistance(20, 0.4, 0.3), [[9000, 1], [20000, 2]], mean: 16),
        ]).ShouldHaveSingleItem();

        (merged.Records, merged.Agreed, merged.Flips, merged.Failed).ShouldBe((40, 29, 11, 2));
        merged.Agreement!.Value.ShouldBe(0.725, 1e-12);
        merged.FlipPairs.ShouldBe([new ShadowFlip("1", "0", 7), new ShadowFlip("0", "1", 4)]);
        merged.ScoreDistance.Records.ShouldBe(30);
        merged.ScoreDistance.Mean!.Value.ShouldBe(0.3, 1e-12); // (10 · 0.1 + 20 · 0.4) / 30
        merged.ScoreDistance.Max.ShouldBe(0.5);
        (merged.LatencyMs.Shadow.Count, merged.LatencyMs.Shadow.P50, merged.LatencyMs.Shadow.P99).ShouldBe((102, 1, 20));
        merged.LatencyMs.Shadow.Mean.ShouldBe((99 + 48) / 102.0, 1e-12);
        merged.LatencyMs.Shadow.Buckets.ShouldBeNull();
    }

    [Fact]
    public void Merge_OfDifferentPairs_KeepsThemApart() =>
        ShadowReports.Merge([Report(shadow: "v3"), Report(shadow: "v2")]).Select(one => one.Shadow).ShouldBe(["v2", "v3"]);

    [Fact]
    public void Merge_OfNothingSeen_HasNoFigures()
    {
        var merged = ShadowReports.Merge([Report(), Report()]).ShouldHaveSingleItem();

        merged.Agreement.ShouldBeNull();
        merged.ScoreDistance.ShouldBe(new ShadowDistance(0, null, null));
        (merged.LatencyMs.Primary.Mean, merged.LatencyMs.Primary.P99).ShouldBe((0, 0));
    }

    private static ShadowReport Report(
        long records = 0, long agreed = 0, ShadowFlip[]? flips = null, ShadowDistance? distance = null, long[][]? buckets = null, double mean = 0, string shadow = "v2")
    {
        var latency = new LatencyFigures { Count = (buckets ?? []).Sum(bucket => bucket[1]), Mean = mean, Buckets = buckets ?? [] };
        return new ShadowReport
        {
            ServiceId = "fraud",
            Comparisons =
            [
                new ShadowComparisonReport
                {
                    EndpointId = "score", Primary = "v1", Shadow = shadow, Records = records, Agreed = agreed, Flips = (flips ?? []).Sum(flip => flip.Count), FlipPairs = flips ?? [],
                    Failed = records > 0 ? 1 : 0, ScoreDistance = distance ?? new ShadowDistance(0, null, null), LatencyMs = new ShadowLatencies(latency, latency),
                },
            ],
        };
    }
}
