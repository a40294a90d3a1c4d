using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.Tests.Metrics;

public sealed class LatencyBucketsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(999)]
    [InlineData(123_456)]
    [InlineData(3_600_000_000)]
    public void Percentile_OfOneDuration_IsThatDurationWithin6Percent(long microseconds)
    {
        var buckets = new LatencyBuckets();
        buckets.Add(microseconds);
        buckets.Percentile(0.5).ShouldBeInRange(microseconds, microseconds + microseconds / 16 + 1);
    }

    [Fact]
    public void Percentile_OfAThousandDurations_IsNearTheExactOne()
    {
        var buckets = new LatencyBuckets();
        for (var i = 1; i <= 1_000; i++) buckets.Add(i);
        ((double)buckets.Percentile(0.5)).ShouldBe(500, 500 * 0.0625);
        ((double)buckets.Percentile(0.99)).ShouldBe(990, 990 * 0.0625);
        buckets.Count.ShouldBe(1_000);
        buckets.TotalMicroseconds.ShouldBe(500_500);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-5)]
    public void Add_OfTheImpossible_IsCountedAtTheEdge(long microseconds)
    {
        var buckets = new LatencyBuckets();
        buckets.Add(microseconds);
        buckets.Count.ShouldBe(1);
    }
}
