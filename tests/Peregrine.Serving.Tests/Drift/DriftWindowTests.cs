using Microsoft.Extensions.Time.Testing;
using Peregrine.Serving.Drift;

namespace Peregrine.Serving.Tests.Drift;

public sealed class DriftWindowTests
{
    [Theory]
    [InlineData("1h,1d", true)]
    [InlineData("5m", true)]
    [InlineData("30d , 2h", true)]
    [InlineData("", false)]
    [InlineData("1h,60m", false)]
    [InlineData("0h", false)]
    [InlineData("31d", false)]
    [InlineData("h", false)]
    [InlineData("1w", false)]
    [InlineData("1h,2h,3h,4h,5h", false)]
    public void TryParseList_TakesOneToFourDifferentLengths(string text, bool expected) =>
        DriftWindow.TryParseList(text, out _).ShouldBe(expected);

    [Fact]
    public void Read_AsTimeGoesOn_ForgetsSliceBySlice()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        DriftWindow.TryParseList("1h,1d", out var windows).ShouldBeTrue();
        var sketch = new DriftSketch(TestReference.Of(TestModels.Wide(1), 1), windows, time);
        void See(int rows)
        {
            for (var row = 0; row < rows; row++) sketch.Raise([0, sketch.Binner.StartOf(1)]);
            sketch.Collect();
        }

        See(5);
        time.Advance(TimeSpan.FromMinutes(30));
        See(7);
        Rows("1h").ShouldBe(12);
        time.Advance(TimeSpan.FromMinutes(30));
        Rows("1h").ShouldBe(7); // the slice of 12:00 to 12:05 has left
        sketch.Read("1h").From.ShouldBe(new DateTimeOffset(2026, 11, 23, 12, 5, 0, TimeSpan.Zero));
        time.Advance(TimeSpan.FromMinutes(29));
        Rows("1h").ShouldBe(7);
        time.Advance(TimeSpan.FromMinutes(1));
        See(1); // takes the place of a slice of an hour ago
        Rows("1h").ShouldBe(1);
        Rows("1d").ShouldBe(13);
        time.Advance(TimeSpan.FromDays(40));
        Rows("1h").ShouldBe(0);
        Rows("1d").ShouldBe(0);
        Rows("load").ShouldBe(13);
        sketch.Reset();
        Rows("load").ShouldBe(0);

        long Rows(string window) => sketch.Read(window).Counts[0];
    }
}
