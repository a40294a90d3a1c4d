using Peregrine.Models.Drift;

namespace Peregrine.Models.Tests.Drift;

public sealed class DriftStatisticsTests
{
    private static readonly long[] s_training = [120, 300, 250, 180, 90, 60];
    private static readonly long[] s_live = [30, 55, 70, 40, 30, 25];

    [Fact]
    public void ChiSquare_OfTwoSamples_IsThatOfScipy()
    {
        // stats.chi2_contingency([training, live], correction=False) of scipy 1.10.1
        var outcome = DriftStatistics.ChiSquare(s_training, s_live);
        outcome.Statistic.ShouldBe(12.245595061007759, 1e-12);
        outcome.P.ShouldBe(0.03157320189409682, 1e-12);
    }

    [Fact]
    public void ChiSquare_CellsOfFewExpectedRows_ArePutTogether()
    {
        // The last two cells expect 6 · 100/300 = 2 live rows each, together 4: they join the one before them.
        long[] training = [100, 92, 4, 4], live = [40, 56, 2, 2];
        DriftStatistics.ChiSquare(training, live).Statistic.ShouldBe(DriftStatistics.ChiSquare([100, 100], [40, 60]).Statistic, 1e-12);
        DriftStatistics.ChiSquare([100], [50]).P.ShouldBe(1);
        DriftStatistics.ChiSquare([100, 3], [0, 0]).P.ShouldBe(1);
    }

    [Fact]
    public void KolmogorovSmirnov_OfTwoSamples_HasTheDistanceOfScipyAndTheAsymptoticP()
    {
        // stats.ks_2samp gives the same distance; the p-value is special.kolmogorov(D √(nm/(n+m)))
        var outcome = DriftStatistics.KolmogorovSmirnov(s_training, s_live);
        outcome.Statistic.ShouldBe(0.08, 1e-12);
        outcome.P.ShouldBe(0.15453805538450666, 1e-12);
    }

    [Fact]
    public void Psi_AddsHalfARowToEachCellThatIsUsed()
    {
        DriftStatistics.Psi(s_training, s_live).ShouldBe(0.0600674556531831, 1e-14);
        DriftStatistics.Psi([.. s_training, 0], [.. s_live, 0]).ShouldBe(0.0600674556531831, 1e-14);
        DriftStatistics.Psi(s_training, new long[6]).ShouldBe(0);
    }

    [Fact]
    public void Psi_WithoutDrift_HasTheKnownDistribution()
    {
        // (1/n + 1/m) χ² of nine degrees: mean 9 · (1/10000 + 1/1000), and 95 % below 16.919 times the same factor.
        var random = new Random(4);
        var training = Sample(random, 10_000);
        double sum = 0;
        var above = 0;
        const int Windows = 2000;
        for (var i = 0; i < Windows; i++)
        {
            // The reference is drawn anew too: the formula counts its noise.
            var psi = DriftStatistics.Psi(Sample(random, 10_000), Sample(random, 1000));
            sum += psi;
            if (psi > 16.919 * (1.0 / 10_000 + 1.0 / 1000)) above++;
        }

        (sum / Windows).ShouldBe(9 * (1.0 / 10_000 + 1.0 / 1000), 0.0004);
        (above / (double)Windows).ShouldBeInRange(0.03, 0.07);
        training.Sum().ShouldBe(10_000);
    }

    [Fact]
    public void AdjustForMany_IsBenjaminiAndHochberg() =>
        DriftStatistics.AdjustForMany([0.01, 0.04, 0.03, 0.005, 0.5, 0.8]).ShouldBe([0.03, 0.06, 0.06, 0.03, 0.6, 0.8], 1e-12);

    [Fact]
    public void Group_HoldsTheShareAndAllCells()
    {
        DriftStatistics.Group([0, 50, 20, 20, 5, 5, 0], 0.25).ShouldBe([2, 7]);
        DriftStatistics.Group([1, 1, 1, 1], 0.25).ShouldBe([1, 2, 3, 4]);
        DriftStatistics.Group([0, 0], 0.1).ShouldBe([2]);
    }

    private static long[] Sample(Random random, int rows)
    {
        var counts = new long[10];
        for (var row = 0; row < rows; row++) counts[random.Next(10)]++;
        return counts;
    }
}
