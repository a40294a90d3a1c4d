using Microsoft.Extensions.Time.Testing;
using Peregrine.Serving.RateLimits;

namespace Peregrine.Serving.Tests.RateLimits;

public sealed class RateCellTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 2, 28, 23, 59, 0, TimeSpan.Zero));

    [Fact]
    public void TokenBucket_IsFullAtFirst_AndFillsEvenly()
    {
        var bucket = new TokenBucket(10, TimeSpan.FromSeconds(5), _clock);
        for (var i = 0; i < 10; i++) bucket.TryTake().ShouldBeTrue();
        bucket.TryTake().ShouldBeFalse();
        bucket.Level().ShouldBe(new RateLevel(Remaining: 0, Reset: 5, Wait: 1));
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        bucket.TryTake().ShouldBeTrue();
        bucket.TryTake().ShouldBeFalse();
        _clock.Advance(TimeSpan.FromDays(1));
        bucket.Level().ShouldBe(new RateLevel(Remaining: 10, Reset: 0, Wait: 0));
    }

    [Fact]
    public void TokenBucket_OverAnyStretch_GivesNoMoreThanItsLimitAndWhatFilledIn()
    {
        var bucket = new TokenBucket(100, TimeSpan.FromSeconds(10), _clock);
        var taken = 0;
        for (var i = 0; i < 10_000; i++)
        {
            if (bucket.TryTake()) taken++;
            _clock.Advance(TimeSpan.FromMilliseconds(3));
        }

        taken.ShouldBe(100 + 299); // the bucket, and 10 a second for the 29.997 s up to the last try
    }

    [Fact]
    public void TokenBucket_ChargedBelowZero_WaitsItsDebtOut()
    {
        var bucket = new TokenBucket(10, TimeSpan.FromSeconds(10), _clock);
        bucket.Charge(30);
        bucket.Level().ShouldBe(new RateLevel(Remaining: 0, Reset: 30, Wait: 21));
        bucket.Charge(-1);
        _clock.Advance(TimeSpan.FromSeconds(20));
        bucket.TryTake().ShouldBeTrue();
        bucket.TryTake().ShouldBeFalse();
    }

    [Theory]
    [InlineData(QuotaPeriod.Hour, "2026-03-01T00:00:00Z")]
    [InlineData(QuotaPeriod.Day, "2026-03-01T00:00:00Z")]
    [InlineData(QuotaPeriod.Month, "2026-03-01T00:00:00Z")]
    public void Quota_EndsWithItsPeriod(object period, string end) =>
        CalendarQuota.EndOf((QuotaPeriod)period, _clock.GetUtcNow()).ShouldBe(DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Quota_OfAMonth_EndsInTheNextYear() =>
        CalendarQuota.EndOf(QuotaPeriod.Month, new DateTimeOffset(2026, 12, 31, 23, 0, 0, TimeSpan.FromHours(-2))).ShouldBe(new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Quota_UsedUp_IsThereAgainWithTheNextPeriod()
    {
        var quota = new CalendarQuota(3, QuotaPeriod.Day, _clock);
        quota.Charge(2);
        quota.TryTake().ShouldBeTrue();
        quota.TryTake().ShouldBeFalse();
        quota.Level().ShouldBe(new RateLevel(Remaining: 0, Reset: 60, Wait: 60));
        _clock.Advance(TimeSpan.FromSeconds(60));
        quota.Level().ShouldBe(new RateLevel(Remaining: 3, Reset: 86_400, Wait: 0));
        quota.TryTake().ShouldBeTrue();
        quota.State.ShouldBe((1, new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void Quota_TakenUpAfterARestart_CountsOnInItsPeriodOnly()
    {
        var end = CalendarQuota.EndOf(QuotaPeriod.Day, _clock.GetUtcNow());
        new CalendarQuota(10, QuotaPeriod.Day, _clock, used: 8, end).Level().Remaining.ShouldBe(2);
        _clock.Advance(TimeSpan.FromMinutes(2));
        new CalendarQuota(10, QuotaPeriod.Day, _clock, used: 8, end).Level().Remaining.ShouldBe(10);
    }

    /// <summary>From the last minute of February: one minute, and then a month of 31 days, or a day and a half without a call.</summary>
    [Theory]
    [InlineData(QuotaPeriod.Month, 1, "2026-04-01T00:00:00Z")]
    [InlineData(QuotaPeriod.Month, 1 + (45 * 24 * 60), "2026-05-01T00:00:00Z")]
    [InlineData(QuotaPeriod.Day, 1 + (36 * 60), "2026-03-03T00:00:00Z")]
    [InlineData(QuotaPeriod.Hour, 90, "2026-03-01T02:00:00Z")]
    public void Quota_WhoseTurnComes_CountsFromNoughtToTheEndOfThatPeriod(object period, int minutes, string end)
    {
        var quota = new CalendarQuota(10, (QuotaPeriod)period, _clock);
        var taken = new CalendarQuota(7, (QuotaPeriod)period, _clock);
        quota.Charge(7);
        quota.State.Used.ShouldBe(7);
        for (var unit = 0; unit < 7; unit++) taken.TryTake().ShouldBeTrue();
        taken.TryTake().ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        quota.Charge(2);
        quota.State.ShouldBe((2, DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture)));
        taken.TryTake().ShouldBeTrue();
        taken.State.ShouldBe((1, quota.State.End));
    }

    [Fact]
    public void Quota_GivenBackMoreThanWasTaken_HasNoMoreThanItsLimit()
    {
        var quota = new CalendarQuota(3, QuotaPeriod.Day, _clock);
        quota.TryTake().ShouldBeTrue();
        quota.Charge(-5);
        quota.Level().Remaining.ShouldBe(3);
    }

    [Fact]
    public async Task TokenBucket_ByManyThreads_GivesEachUnitOnce()
    {
        var bucket = new TokenBucket(5_000, TimeSpan.FromHours(10), _clock);
        var taken = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 4_000; i++)
                if (bucket.TryTake()) Interlocked.Increment(ref taken);
        })));
        taken.ShouldBe(5_000);
    }
}
