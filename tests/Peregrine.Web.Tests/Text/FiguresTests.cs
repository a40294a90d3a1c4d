using Peregrine.Web.Text;

namespace Peregrine.Web.Tests.Text;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0.99573, "0.9957")]
    [InlineData(double.NaN, Figures.None)]
    public void Score_OfAMeasure_HasFourDecimalsOrADash(double score, string written) => Figures.Score(score).ShouldBe(written);

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.00004, "< 0.01 %")]
    [InlineData(0.0052, "0.52 %")]
    [InlineData(0.034, "3.4 %")]
    [InlineData(0.5, "50 %")]
    [InlineData(0.9962, "99.6 %")]
    [InlineData(1, "100 %")]
    public void Share_OfAPart_ShowsNoMoreDigitsThanItIsWorth(double share, string written) => Figures.Share(share).ShouldBe(written);

    [Theory]
    [InlineData(0.42, "0.42 ms")]
    [InlineData(1.34, "1.3 ms")]
    [InlineData(840, "840 ms")]
    [InlineData(4_210, "4.2 s")]
    [InlineData(125_000, "2 min 05 s")]
    [InlineData(11_220_000, "3 h 07 min")]
    public void Duration_OfAnyLength_CarriesItsUnit(double milliseconds, string written) =>
        Figures.Duration(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(written);

    [Theory]
    [InlineData(12.5, "12.5")]
    [InlineData(134144, "134,144")]
    [InlineData(0.000012, "1.2e-5")]
    [InlineData(0, "0")]
    [InlineData(-3.14159, "-3.142")]
    public void Value_OfAnySize_HasAtMostFourSignificantDigitsBelowAThousand(double value, string written) => Figures.Value(value).ShouldBe(written);

    [Theory]
    [InlineData(1, "1 row")]
    [InlineData(134144, "134,144 rows")]
    public void Count_WithANoun_AgreesWithIt(long count, string written) => Figures.Count(count, "row").ShouldBe(written);

    [Theory]
    [InlineData(3, "just now")]
    [InlineData(240, "4 min ago")]
    [InlineData(90_000, "yesterday")]
    [InlineData(40 * 86_400, "2026-01-20")]
    public void Ago_FromNow_GrowsCoarser(int secondsBefore, string written)
    {
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        Figures.Ago(now.AddSeconds(-secondsBefore), now).ShouldBe(written);
    }
}
