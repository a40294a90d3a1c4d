using System.Diagnostics;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Tests.Switching;

public sealed class PaceTests
{
    [Theory]
    [InlineData(0.5, 0.1, 5)] // 4.5 ms
    [InlineData(0.8, 0.1, 8)]
    [InlineData(2, 0.2, 8)]
    [InlineData(0.4, 1, 1)]
    [InlineData(400, 0.1, 50)]
    public void RestAfter_BesideRequests_IsInProportionToTheStretch(double stretch, double share, double rest) =>
        Pace.RestAfter(TimeSpan.FromMilliseconds(stretch), busy: true, share).ShouldBe(TimeSpan.FromMilliseconds(rest));

    [Fact]
    public void RestAfter_WithoutRequests_IsAMoment() =>
        Pace.RestAfter(TimeSpan.FromMilliseconds(400), busy: false, 0.01).ShouldBe(TimeSpan.FromMilliseconds(1));

    [Fact]
    public void GiveWay_WhileTheProcessDoesOtherThings_TakesItsShareAndNoMore()
    {
        using var over = new CancellationTokenSource();
        var other = new Thread(() =>
        {
            while (!over.IsCancellationRequested) Thread.SpinWait(10);
        });
        other.Start();
        try
        {
            var pace = new Pace(0.1, TimeSpan.FromMinutes(1));
            var since = Stopwatch.GetTimestamp();
            var worked = TimeSpan.Zero;
            for (var step = 0; step < 20; step++) worked += Work(TimeSpan.FromMilliseconds(1), pace);
            (worked / Stopwatch.GetElapsedTime(since)).ShouldBeLessThan(0.15);
        }
        finally
        {
            over.Cancel();
            other.Join();
        }
    }

    [Fact]
    public void GiveWay_AfterItHasRestedAsLongAsItMay_RestsForMoments()
    {
        var pace = new Pace(0.02, TimeSpan.FromMilliseconds(40)); // the first rest is of 49 ms
        Work(TimeSpan.FromMilliseconds(1), pace);
        var since = Stopwatch.GetTimestamp();
        for (var step = 0; step < 10; step++) Work(TimeSpan.FromMilliseconds(1), pace);
        Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromMilliseconds(250), "ten rests in proportion would take 490 ms");
    }

    [Fact]
    public void GiveWay_BeforeAStretchIsOver_GoesOn()
    {
        var pace = new Pace(0.01, TimeSpan.FromMinutes(1));
        var since = Stopwatch.GetTimestamp();
        pace.GiveWay();
        Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromMilliseconds(30), "a rest would be of 40 ms and more");
    }

    /// <returns>How long the step took without the rest after it.</returns>
    private static TimeSpan Work(TimeSpan step, Pace pace)
    {
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < step) Thread.SpinWait(10);
        var worked = Stopwatch.GetElapsedTime(since);
        pace.GiveWay();
        return worked;
    }
}
