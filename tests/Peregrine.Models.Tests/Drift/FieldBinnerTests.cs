using System.Text;
using Peregrine.Models.Drift;

namespace Peregrine.Models.Tests.Drift;

public sealed class FieldBinnerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(126)]
    [InlineData(127)]
    public void CellOf_Number_IsTheNumberOfEdgesBelowIt(int count)
    {
        double[] edges = [.. Enumerable.Range(0, count).Select(i => i * 1.5 - 20)];
        var binner = new FieldBinner(Number(edges));
        double[] values = [.. edges, .. edges.Select(Math.BitIncrement), .. edges.Select(Math.BitDecrement), double.MinValue, double.MaxValue, 0];
        foreach (var value in values) binner.CellOf(value).ShouldBe(edges.Count(edge => edge < value), $"{value}");
        binner.CellOf(double.NaN).ShouldBe(count + 1);
        binner.Cells.ShouldBe(count + 2);
    }

    [Fact]
    public void CellOf_Category_TellsOwnOtherUnseenAndMissing()
    {
        var binner = new FieldBinner(new FieldReference { Name = "c", Kind = ReferenceKind.Category, Values = ["FR", "GB", "DE"], OwnCells = 2, Counts = [] });
        int Cell(string text) => binner.CellOf(Encoding.UTF8.GetBytes(text));
        (Cell("FR"), Cell("GB"), Cell("DE"), Cell("fr"), binner.Cells).ShouldBe((0, 1, 2, 3, 5));
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00", 0, 3)]
    [InlineData("2026-11-23T21:30:00", 21, 0)]
    [InlineData("1969-12-28T23:59:59", 23, 6)]
    public void CellOf_Moment_IsItsHourOrWeekday(string moment, int hour, int day)
    {
        var seconds = (DateTime.Parse(moment, System.Globalization.CultureInfo.InvariantCulture) - DateTime.UnixEpoch).TotalSeconds;
        new FieldBinner(Of(ReferenceKind.HourOfDay)).CellOf(seconds).ShouldBe(hour);
        new FieldBinner(Of(ReferenceKind.DayOfWeek)).CellOf(seconds).ShouldBe(day);
        new FieldBinner(Of(ReferenceKind.HourOfDay)).CellOf(double.NaN).ShouldBe(24);
    }

    private static FieldReference Of(ReferenceKind kind) => new() { Name = "x", Kind = kind, Counts = [] };

    private static FieldReference Number(double[] edges) => Of(ReferenceKind.Number) with { Edges = edges };
}
