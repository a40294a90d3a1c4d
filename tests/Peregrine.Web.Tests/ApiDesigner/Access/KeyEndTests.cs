using Peregrine.Designing.ApiServices.Access;
using Peregrine.Web.ApiDesigner.Access;

namespace Peregrine.Web.Tests.ApiDesigner.Access;

public sealed class KeyEndTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Read_OfEachChoice_IsTheMomentFromNow()
    {
        new KeyEnd { Choice = KeyEnd.Never }.Read(s_now).ShouldBe((null, null));
        new KeyEnd { Choice = "30" }.Read(s_now).Moment.ShouldBe(s_now.AddDays(30));
        new KeyEnd { Choice = KeyEnd.OnDate, Date = new DateOnly(2026, 12, 31) }.Read(s_now).Moment.ShouldBe(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), "the day itself is the last");
    }

    [Fact]
    public void Read_WithoutADate_SaysSoAtTheField() => new KeyEnd { Choice = KeyEnd.OnDate }.Read(s_now).Fault!.At("expiry").ShouldNotBeNull();

    [Fact]
    public void Words_TellWhatAKeyOpensAndUntilWhen()
    {
        var key = new ServiceKey("k", "shop", "ann", s_now);
        (KeyWords.Opens(key), KeyWords.Ends(key, s_now)).ShouldBe(("opens every endpoint", "never ends"));
        var scoped = key with { Endpoints = ["score", "second"], Expiry = s_now };
        (KeyWords.Opens(scoped), KeyWords.Ends(scoped, s_now)).ShouldBe(("opens score, second only", "ended 2026-03-01 12:00 UTC"));
        KeyWords.Ends(scoped, s_now.AddSeconds(-1)).ShouldBe("ends 2026-03-01 12:00 UTC");
    }
}
