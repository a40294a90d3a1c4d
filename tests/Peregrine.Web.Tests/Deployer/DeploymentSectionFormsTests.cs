using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Contracts.Deployer.Keys;
using Peregrine.Web.Deployer;
using Peregrine.Web.Deployer.Keys;
using Peregrine.Web.Deployer.RateLimits;
using Peregrine.Web.Deployer.Shadows;

namespace Peregrine.Web.Tests.Deployer;

public sealed class DeploymentSectionFormsTests
{
    [Fact]
    public void LimitForm_OfARule_GivesItBack()
    {
        var rules = new[]
        {
            new RateLimitRule { Id = "burst", Limit = 200, WindowSeconds = 7200, Per = "service", Endpoint = "score" }.Normalized(),
            new RateLimitRule { Id = "day", Limit = 1_000_000, Period = "day", Unit = "rows", Key = "key-1" }.Normalized(),
        };
        foreach (var rule in rules) LimitForm.Of(rule).Read(0).Rule.ShouldBe(rule);
        LimitForm.Of(rules[0]).WindowUnit.ShouldBe(3600);
    }

    [Theory]
    [InlineData("", "1", "rateLimits/3/limit")]
    [InlineData("1.5", "1", "rateLimits/3/limit")]
    [InlineData("5", "soon", "rateLimits/3/windowSeconds")]
    [InlineData("5", "4000000000", "rateLimits/3/windowSeconds")]
    public void LimitForm_WithWhatIsNoNumber_SaysSoAtTheField(string limit, string window, string where)
    {
        var (rule, fault) = new LimitForm { Id = "a", Limit = limit, Window = window }.Read(3);
        rule.ShouldBeNull();
        fault!.At(where).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(1, "1 request in 1 s", 1L)]
    [InlineData(300, "1,000 requests in 5 min", 1000L)]
    [InlineData(86_400, "2 requests in 24 h", 2L)]
    public void Words_OfARateLimit_ReadAsASentence(int seconds, string words, long limit) =>
        LimitWords.Allows(new RateLimitRule { Id = "a", Limit = limit, WindowSeconds = seconds }).ShouldBe(words);

    [Fact]
    public void ShadowForm_OfADeploymentWithoutShadows_OffersTheNewestVersionThatDoesNotAnswer()
    {
        var settings = Settings(GenerationsMapping.Single("v3"));
        var form = ShadowForm.Of(settings, [Version("v3"), Version("v2"), Version("v1")]);
        form.Shadows.ShouldBe([new ShadowShare { Generation = "v2", Share = 1 }]);
        form.Add(settings, [Version("v3"), Version("v2"), Version("v1")]);
        form.Rows[1].Generation.ShouldBe("v1");
        form.Rows[1].Percent = 5;
        form.Says(settings.GenerationsMapping).ShouldBe("v2 gets copies of 100 % of the requests and v1 gets copies of 5.0 % of the requests, once they were answered. Callers notice nothing.");
        form.Rows[0].Generation = "v3";
        form.Says(settings.GenerationsMapping).ShouldStartWith("v3 answers itself");
    }

    [Fact]
    public void Settings_WithShadowsInTheMapping_KeepThemWhenTheMappingIsReplaced()
    {
        var settings = Settings(GenerationsMapping.Single("v1") with { Shadows = [new ShadowShare { Generation = "v2" }] });
        var moved = settings.WithShadows(settings.WantedShadows) with { GenerationsMapping = GenerationsMapping.Single("v3") };
        moved.WantedShadows.ShouldBe(settings.WantedShadows);
    }

    [Fact]
    public void KeyForm_WithALastDay_EndsWhenTheDayDoes()
    {
        var form = new KeyForm { Label = "a", Until = "2030-01-31" };
        form.ReadNew().Request!.Expiry.ShouldBe(new DateTimeOffset(2030, 2, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
        form.Until = "31.1.2030";
        form.ReadNew().Fault!.At("expiry").ShouldNotBeNull().ShouldContain("31.1.2030");
    }

    [Fact]
    public void KeyForm_OfARotation_TakesTheOverlapInItsUnit()
    {
        var form = new KeyForm { Old = new DeploymentKey { Id = "a", Label = "a", Source = "deployer", State = "active" }, Overlap = "2", OverlapUnit = 86_400 };
        form.ReadRotation().Request!.OverlapSeconds.ShouldBe(172_800);
        form.Overlap = "soon";
        form.ReadRotation().Fault!.At("overlapSeconds").ShouldNotBeNull();
    }

    [Fact]
    public void Changes_OfAnUpdate_TellWhatIsNewAndWhatIsGone()
    {
        var before = Update(2, [new RateLimitRule { Id = "a", Limit = 1, Period = "day" }, new RateLimitRule { Id = "b", Limit = 1, Period = "day" }], [new ShadowShare { Generation = "v2", Share = 0.5 }]);
        var update = Update(3, [new RateLimitRule { Id = "a", Limit = 2, Period = "day" }, new RateLimitRule { Id = "c", Limit = 1, WindowSeconds = 60 }], [new ShadowShare { Generation = "v3" }]);

        SettingsChanges.Of(update, before).ShouldBe(["shadow v3 100 %", "no shadow v2", "a: 2 requests a day", "c: 1 request in 1 min", "no rate limit b"]);
        SettingsChanges.Of(update, update).ShouldBeEmpty();
        SettingsChanges.Of(Update(4, null, null), update).ShouldBe(["shadows left to the nodes", "rate limits left to the nodes"]);
    }

    private static DeploymentUpdateSummary Update(long start, RateLimitRule[]? rules, ShadowShare[]? shadows) => new()
    {
        StartTimestamp = start, Type = UpdateType.Update, Status = UpdateStatus.Done, RateLimits = rules, Shadows = shadows,
    };

    private static DeploymentSettings Settings(GenerationsMapping mapping) => new() { Id = "d1", InfraId = "dev", PublishedServiceId = "fraud", GenerationsMapping = mapping };

    private static PublishedVersion Version(string id) => new() { Id = id, CreatedOn = 1, PublishedOn = 1, Digest = id, Size = 1, Endpoints = [] };
}
