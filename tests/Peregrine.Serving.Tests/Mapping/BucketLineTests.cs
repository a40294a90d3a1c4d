using System.Text;
using Peregrine.Serving.Mapping;

namespace Peregrine.Serving.Tests.Mapping;

public sealed class BucketLineTests
{
    [Fact]
    public void PickSticky_SameKeyAndSalt_AlwaysPicksTheSameEntry()
    {
        var line = new BucketLine([0.5, 0.3, 0.2], "fraud");
        var again = new BucketLine([0.5, 0.3, 0.2], "fraud");
        for (var i = 0; i < 1_000; i++)
        {
            var key = Encoding.UTF8.GetBytes($"customer-{i}");
            again.PickSticky(key).ShouldBe(line.PickSticky(key));
        }
    }

    [Fact]
    public void PickSticky_ManyKeys_HoldsTheSharesWithinStatisticalError()
    {
        double[] shares = [0.7, 0.25, 0.05];
        var line = new BucketLine(shares, "fraud");
        var counts = new int[3];
        const int Keys = 100_000;
        for (var i = 0; i < Keys; i++) counts[line.PickSticky(Encoding.UTF8.GetBytes($"card-{i}"))]++;
        for (var i = 0; i < shares.Length; i++)
        {
            var sigma = Math.Sqrt(Keys * shares[i] * (1 - shares[i]));
            Math.Abs(counts[i] - Keys * shares[i]).ShouldBeLessThan(5 * sigma + Keys / (double)BucketLine.Buckets);
        }
    }

    [Fact]
    public void PickRandom_ManyDraws_HoldsTheSharesWithinStatisticalError()
    {
        var line = new BucketLine([0.9, 0.1], "fraud");
        var random = new Random(17);
        const int Draws = 100_000;
        var second = 0;
        for (var i = 0; i < Draws; i++) second += line.PickRandom(random);
        Math.Abs(second - Draws * 0.1).ShouldBeLessThan(5 * Math.Sqrt(Draws * 0.1 * 0.9));
    }

    [Fact]
    public void PickSticky_LastShareGrows_MovesOnlyTheKeysThatItGains()
    {
        var before = new BucketLine([0.9, 0.1], "fraud");
        var after = new BucketLine([0.8, 0.2], "fraud");
        for (var i = 0; i < 10_000; i++)
        {
            var key = Encoding.UTF8.GetBytes($"card-{i}");
            if (before.PickSticky(key) == 1) after.PickSticky(key).ShouldBe(1);
        }
    }

    [Fact]
    public void PickSticky_OtherSalt_SplitsIndependently()
    {
        var one = new BucketLine([0.5, 0.5], "fraud");
        var two = new BucketLine([0.5, 0.5], "other");
        var same = Enumerable.Range(0, 10_000).Count(i =>
        {
            var key = Encoding.UTF8.GetBytes($"card-{i}");
            return one.PickSticky(key) == two.PickSticky(key);
        });
        same.ShouldBeInRange(4_700, 5_300);
    }

    [Fact]
    public void PickRandom_EntryWithoutShare_IsNeverPicked()
    {
        var line = new BucketLine([0, 1, 0], "fraud");
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++) line.PickRandom(random).ShouldBe(1);
    }

    [Fact]
    public void BucketOf_KnownKey_StaysWhereEarlierVersionsPutIt()
    {
        // Sticky keys must not move with an upgrade: XxHash64("fraud" + "card-1") % 10000, computed with another implementation.
        new BucketLine([1], "fraud").BucketOf("card-1"u8).ShouldBe(5022);
    }
}
