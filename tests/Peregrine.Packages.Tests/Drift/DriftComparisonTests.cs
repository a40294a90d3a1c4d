using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Packages.Drift;

namespace Peregrine.Packages.Tests.Drift;

public sealed class DriftComparisonTests
{
    [Fact]
    public void Judge_WithoutDrift_RarelyNamesAFeature()
    {
        // 20 features per window, no drift: at α = 0.01 a window names one with a chance of about 0.01, and small windows with large PSI are not named.
        var random = new Random(11);
        var named = 0;
        for (var window = 0; window < 300; window++)
        {
            var report = Report([.. Enumerable.Range(0, 20).Select(i => Field($"f{i}", Even(random, 5000), Even(random, 200)))]);
            if (DriftComparison.Judge(report).Drifted > 0) named++;
        }

        named.ShouldBeLessThanOrEqualTo(10);
    }

    [Fact]
    public void Judge_ManyRowsAndASmallShift_IsNotDriftThoughItIsSignificant()
    {
        var training = new long[12];
        var live = new long[12];
        for (var cell = 0; cell < 11; cell++) (training[cell], live[cell]) = (100_000, 100_000 + (cell % 2 == 0 ? 3_000 : -3_000));
        var field = DriftComparison.Judge(Report([Field("x", training, live)])).Features[0];
        field.P!.Value.ShouldBeLessThan(1e-9);
        field.Psi!.Value.ShouldBeLessThan(0.01);
        field.Verdict.ShouldBe(DriftVerdict.Stable);
    }

    [Fact]
    public void Judge_ValuesThatGoMissing_AreDriftWhateverTheRestSays()
    {
        var edges = Enumerable.Range(0, 100).Select(i => (double)i).ToArray();
        long[] training = [.. Enumerable.Repeat(100L, 101), 0], live = [.. Enumerable.Repeat(10L, 101), 300];
        var field = DriftComparison.Judge(Report([Field("x", training, live) with { Kind = "NUMBER", Counts = Counts(training, live) with { Edges = edges } }])).Features[0];
        field.Test.ShouldBe("KS");
        field.Statistic!.Value.ShouldBe(0, 1e-12);
        field.MissingLive.ShouldBe(300 / 1310.0, 1e-12);
        field.Verdict.ShouldBe(DriftVerdict.Drifted);
    }

    [Fact]
    public void Judge_Features_AreSortedByTheirWeightedScore()
    {
        long[] even = [500, 500, 0], half = [400, 600, 0], far = [100, 900, 0];
        var report = DriftComparison.Judge(Report(
        [
            Field("far", even, far) with { Importance = 0.01 }, Field("half", even, half) with { Importance = 0.9 }, Field("same", even, even) with { Importance = 0.09 },
        ]));
        report.Features.Select(field => field.Name).ShouldBe(["half", "far", "same"]);
        report.Features[0].Histogram.Select(bar => bar.Live).Sum().ShouldBe(1, 1e-12);
    }

    private static DriftReport Report(IReadOnlyList<FieldDrift> features) =>
        new() { ServiceId = "s", EndpointId = "e", Generation = "v1", State = DriftState.Compared, Window = "1h", Features = features };

    private static FieldDrift Field(string name, long[] training, long[] live) =>
        new() { Name = name, Kind = "CATEGORY", Importance = 0.05, Counts = Counts(training, live) };

    private static FieldCounts Counts(long[] training, long[] live) =>
        new() { Values = [.. Enumerable.Range(0, Math.Max(0, training.Length - 3)).Select(i => $"v{i}")], Training = training, Live = live };

    private static long[] Even(Random random, int rows)
    {
        var counts = new long[13];
        for (var row = 0; row < rows; row++) counts[random.Next(10)]++;
        return counts;
    }
}
