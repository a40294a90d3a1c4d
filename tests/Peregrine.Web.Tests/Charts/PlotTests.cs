using Peregrine.Web.Charts;

namespace Peregrine.Web.Tests.Charts;

public sealed class PlotTests
{
    private static readonly Plot Square = new(10, 10, 100, 100, 0, 1, 0, 1);

    [Fact]
    public void Path_OfTheUnitDiagonal_RunsFromBottomLeftToTopRight() =>
        Square.Path([new(0, 0), new(1, 1)]).ShouldBe("M10 110L110 10");

    [Fact]
    public void Path_OfManyCloseDots_KeepsItsEndsAndStaysSmall()
    {
        var path = Square.Path([.. Enumerable.Range(0, 10_001).Select(i => new ChartPoint(i / 10_000d, i / 10_000d))]);
        path.ShouldStartWith("M10 110L");
        path.ShouldEndWith("L110 10");
        path.Count(c => c == 'L').ShouldBeLessThan(400);
    }
}
