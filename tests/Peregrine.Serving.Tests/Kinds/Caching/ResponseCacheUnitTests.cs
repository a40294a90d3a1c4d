using System.Text;
using Microsoft.Extensions.Time.Testing;
using Peregrine.Packages.Kinds;
using Peregrine.Serving.Kinds.Caching;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Tests.Kinds.Caching;

public sealed class ResponseCacheUnitTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Keep_MoreBytesThanAllowed_DropsThoseUsedLeastRecently()
    {
        // Each takes 1,000 bytes of text, 8 of a place, 1 of key and 200 of objects.
        var cache = new ResponseCache(new CacheLimits(TimeSpan.FromMinutes(1), 1000, 3 * 1209), _clock);
        foreach (var key in "abc") Put(cache, $"{key}", 1000);
        cache.Bytes.ShouldBe(3 * 1209);
        Has(cache, "a").ShouldBeTrue();
        Put(cache, "d", 1000);
        (Has(cache, "a"), Has(cache, "b"), Has(cache, "c"), Has(cache, "d")).ShouldBe((true, false, true, true));
        (cache.Count, cache.Evicted, cache.Bytes).ShouldBe((3, 1, 3 * 1209));
        Put(cache, "e", 2000);
        (cache.Count, cache.Bytes).ShouldBe((2, 2209 + 1209));
    }

    [Fact]
    public void Keep_AnswerLargerThanAllAllowed_IsLeftOut()
    {
        var cache = new ResponseCache(new CacheLimits(TimeSpan.FromMinutes(1), 1000, 2000), _clock);
        Put(cache, "a", 100);
        Put(cache, "b", 5000).ShouldBeFalse();
        (Has(cache, "a"), Has(cache, "b"), cache.Evicted).ShouldBe((true, false, 0));
    }

    [Fact]
    public void Keep_MoreAnswersThanAllowed_DropsThoseUsedLeastRecently()
    {
        var cache = new ResponseCache(new CacheLimits(TimeSpan.FromMinutes(1), 2, 1 << 20), _clock);
        foreach (var key in "abc") Put(cache, $"{key}", 10);
        (cache.Count, Has(cache, "a"), Has(cache, "c")).ShouldBe((2, false, true));
    }

    [Fact]
    public void Ask_AfterItsTime_FindsNothingAndFreesTheMemory()
    {
        var cache = new ResponseCache(new CacheLimits(TimeSpan.FromSeconds(5), 10, 1 << 20), _clock);
        Put(cache, "a", 10);
        _clock.Advance(TimeSpan.FromSeconds(4.999));
        Has(cache, "a").ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        Has(cache, "a").ShouldBeFalse();
        (cache.Count, cache.Bytes).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Ask_WhileComputed_WaitsForTheSame()
    {
        var cache = new ResponseCache(new CacheLimits(TimeSpan.FromSeconds(5), 10, 1 << 20), _clock);
        cache.Ask("k"u8, out _, out var flight, out var leads).ShouldBeNull();
        leads.ShouldBeTrue();
        cache.Ask("k"u8, out _, out var other, out leads).ShouldBeNull();
        leads.ShouldBeFalse();
        other.ShouldBeSameAs(flight);
        cache.Leave(flight!);
        flight!.Abandoned.IsCancellationRequested.ShouldBeFalse("another one waits");
        cache.Leave(other!);
        flight.Abandoned.IsCancellationRequested.ShouldBeTrue();
        cache.Ask("k"u8, out _, out var next, out leads);
        leads.ShouldBeTrue();
        cache.End(flight, null, Answer(1));
        cache.End(next!, null, Answer(2));
        (await next!.Ended).IsKept.ShouldBeTrue();
    }

    [Fact]
    public void End_OfAnAbandonedComputation_LeavesTheOneThatTookItsPlace()
    {
        var cache = new ResponseCache(new CacheLimits(TimeSpan.FromSeconds(5), 10, 1 << 20), _clock);
        cache.Ask("k"u8, out _, out var abandoned, out _);
        cache.Leave(abandoned!);
        cache.Ask("k"u8, out _, out var next, out _);
        cache.End(abandoned!, null, null);
        cache.Ask("k"u8, out _, out var joined, out var leads).ShouldBeNull();
        joined.ShouldBeSameAs(next);
        leads.ShouldBeFalse();
        cache.Fail(abandoned!, new InvalidOperationException());
        cache.Ask("k"u8, out _, out joined, out _);
        joined.ShouldBeSameAs(next);
    }

    [Fact]
    public void Keep_WhereExpiredAnswersMakeRoom_CountsNoneAsEvicted()
    {
        var cache = new ResponseCache(new CacheLimits(TimeSpan.FromSeconds(5), 1, 1 << 20), _clock);
        Put(cache, "a", 10);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Put(cache, "b", 10);
        (cache.Count, cache.Evicted).ShouldBe((1, 0));
        Put(cache, "c", 10);
        (cache.Count, cache.Evicted).ShouldBe((1, 1));
    }

    [Fact]
    public void Ask_ForAKeptAnswer_TellsTheWholeSecondsThatAreLeft()
    {
        var cache = new ResponseCache(new CacheLimits(TimeSpan.FromSeconds(5), 10, 1 << 20), _clock);
        Put(cache, "a", 10);
        _clock.Advance(TimeSpan.FromSeconds(3.25));
        cache.Ask("a"u8, out var seconds, out _, out _).ShouldNotBeNull();
        seconds.ShouldBe(1);
    }

    [Theory]
    [InlineData(5_000, 5_000)]
    [InlineData(9_000, 8_000)]
    public void Limits_OfAnEndpoint_AreItsSettingsAsFarAsTheNodeAllows(long asked, long allowed) =>
        CacheLimits.Of(new CacheSettings { TtlSeconds = 7, MaxEntries = 3, MaxBytes = asked }, new ResponseCacheOptions { MaxBytesPerEndpoint = 8_000 })
            .ShouldBe(new CacheLimits(TimeSpan.FromSeconds(7), 3, allowed));

    /// <summary>Many threads, few keys, little room: nothing is lost or counted twice.</summary>
    [Fact]
    public async Task Ask_FromManyThreads_KeepsItsBounds()
    {
        var cache = new ResponseCache(new CacheLimits(TimeSpan.FromMinutes(1), 8, 4_000), _clock);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            var random = new Random(thread);
            for (var round = 0; round < 5_000; round++)
            {
                var key = Encoding.UTF8.GetBytes($"{random.Next(20)}");
                if (cache.Ask(key, out _, out var flight, out var leads) is not null) continue;
                if (leads) cache.End(flight!, null, Answer(random.Next(600)));
                (await flight!.Ended).Answer.ShouldNotBeNull();
                cache.Leave(flight);
                cache.Bytes.ShouldBeInRange(0, 4_000);
            }
        })));
        cache.Count.ShouldBeInRange(1, 8);
    }

    private static bool Put(ResponseCache cache, string key, int bytes)
    {
        cache.Ask(Encoding.UTF8.GetBytes(key), out _, out var flight, out var leads).ShouldBeNull();
        leads.ShouldBeTrue();
        cache.End(flight!, null, Answer(bytes));
        return flight!.Ended.GetAwaiter().GetResult().IsKept;
    }

    private static bool Has(ResponseCache cache, string key)
    {
        if (cache.Ask(Encoding.UTF8.GetBytes(key), out _, out var flight, out _) is not null) return true;
        cache.End(flight!, null, null);
        return false;
    }

    private static CachedAnswer Answer(int bytes) => new(new byte[bytes], [new Piece(0, bytes)], 0);
}
