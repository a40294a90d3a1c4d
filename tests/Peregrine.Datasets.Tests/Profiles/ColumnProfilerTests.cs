using Peregrine.Datasets.Profiles;
using Peregrine.Datasets.Tests.Csv;

namespace Peregrine.Datasets.Tests.Profiles;

public sealed class ColumnProfilerTests
{
    [Fact]
    public void Profile_Numbers_GivesExactFigures()
    {
        var profile = ColumnProfiler.Profile(CsvText.Read("a,b\n" + string.Concat(Enumerable.Range(0, 101).Select(i => $"{i},\n")) + ",\n").Columns[0]);

        profile.Missing.ShouldBe(1);
        profile.Distinct.ShouldBe(101);
        profile.Numbers!.Min.ShouldBe(0);
        profile.Numbers.Max.ShouldBe(100);
        profile.Numbers.Mean.ShouldBe(50, 1e-9);
        profile.Numbers.Deviation.ShouldBe(29.300170647967224, 1e-9); // sample deviation of 0 … 100
        profile.Numbers.Quantiles.Single(quantile => quantile.Share == 0.25).Value.ShouldBe(25);
        profile.Numbers.Histogram.Sum(bin => bin.Count).ShouldBe(101);
        profile.Numbers.Histogram.Count.ShouldBe(20);
        profile.Numbers.Histogram[^1].To.ShouldBe(100);
    }

    [Fact]
    public void Profile_Text_ListsTheMostFrequentFirst()
    {
        var profile = ColumnProfiler.Profile(CsvText.Read("a,b\nx,1\ny,1\ny,1\n,1\nz,1\n").Columns[0]);

        profile.Distinct.ShouldBe(3);
        profile.MissingShare.ShouldBe(0.2);
        profile.Top.ShouldBe([new ValueCount("y", 2), new ValueCount("x", 1), new ValueCount("z", 1)]);
        profile.Numbers.ShouldBeNull();
    }

    [Fact]
    public void Profile_EmptyColumn_Warns()
    {
        ColumnProfiler.Profile(CsvText.Read("a,b\n1,\n2,\n").Columns[1]).Warning.ShouldNotBeNull();
    }
}
