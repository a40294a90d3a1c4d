using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Peregrine.Serving.Access;
using Peregrine.Serving.Access.Attempts;

namespace Peregrine.Serving.Tests.Access;

public sealed class FailedAttemptsTests
{
    private const string Body = $$"""{"features":{{TestPackage.GoodFeatures}}}""";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Guesses_OnTheUserApi_AreSlowed_AndAHolderElsewhereIsNot()
    {
        await using var node = await StartAsync();
        await using var holder = await RawConnection.OpenAsync(node);
        (await holder.PredictAsync(Body, Good, From("10.0.0.1"))).ShouldBe(200);
        await using var guesser = await RawConnection.OpenAsync(node);
        for (var i = 0; i < 4; i++) (await guesser.PredictAsync(Body, Bad(i), From("10.0.0.66"))).ShouldBe(401, $"guess {i}");
        var (status, text) = await guesser.AskAsync(Body, Bad(9), From("10.0.0.66"));
        status.ShouldBe(429);
        text.ShouldContain("Retry-After: 1\r\n");
        text.ShouldContain("TooManyFailures");
        // Not even a right key is looked at from there; without credentials the usual answer comes; other addresses notice nothing.
        await using var another = await RawConnection.OpenAsync(node);
        (await another.PredictAsync(Body, Good, From("10.0.0.66"))).ShouldBe(429);
        (await another.PredictAsync(Body, From("10.0.0.66"))).ShouldBe(401);
        (await another.PredictAsync(Body, Good, From("10.0.0.1"))).ShouldBe(200);
        (await holder.PredictAsync(Body, Good, From("10.0.0.1"))).ShouldBe(200);
        // A second later one more guess is looked at, and the wait doubles.
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await guesser.PredictAsync(Body, Bad(10), From("10.0.0.66"))).ShouldBe(401);
        (await guesser.AskAsync(Body, Bad(11), From("10.0.0.66"))).Text.ShouldContain("Retry-After: 2\r\n");
        _clock.Advance(TimeSpan.FromSeconds(2));
        (await another.PredictAsync(Body, Good, From("10.0.0.66"))).ShouldBe(200);
    }

    [Fact]
    public async Task Guesses_OnTheAdminApi_AreSlowedToo()
    {
        await using var node = await StartAsync();
        for (var i = 0; i < 4; i++) (await node.GetAsync("admin/api/services", "wrong")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await node.GetAsync("admin/api/services", "wrong")).ShouldFail(HttpStatusCode.TooManyRequests, "TooManyFailures");
        (await node.GetAsync("admin/api/services")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await node.GetAsync("readyz")).ShouldSucceed();
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await node.GetAsync("admin/api/services", ApiNodeBuilder.AdminKey)).ShouldSucceed();
        (await node.GetAsync("metrics")).Text.ShouldContain("reason=\"throttled\"");
    }

    [Fact]
    public void Wait_DoublesUpToTheLongest_AndIsForgottenAfterTheWindow()
    {
        var attempts = Attempts(out var options);
        var address = ClientAddress.Of(IPAddress.Parse("192.0.2.1"));
        for (var i = 0; i < 3; i++) attempts.Count(address);
        attempts.IsBlocked(address, out _).ShouldBeFalse();
        foreach (var expected in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            attempts.Count(address);
            attempts.IsBlocked(address, out var seconds).ShouldBeTrue();
            seconds.ShouldBe(expected);
            _clock.Advance(TimeSpan.FromSeconds(expected));
            attempts.IsBlocked(address, out _).ShouldBeFalse();
        }

        _clock.Advance(options.FailedAttemptsWindow + TimeSpan.FromSeconds(1));
        attempts.Count(address);
        attempts.IsBlocked(address, out _).ShouldBeFalse();
    }

    [Fact]
    public void Flood_FromManyAddresses_KeepsTheTableAndWhoWaits()
    {
        var attempts = Attempts(out _);
        var guesser = ClientAddress.Of(IPAddress.Parse("192.0.2.1"));
        for (var i = 0; i < 20; i++) attempts.Count(guesser);
        var random = new Random(5);
        var bytes = new byte[4];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++)
        {
            random.NextBytes(bytes);
            attempts.Count(ClientAddress.Of(new IPAddress(bytes)));
        }

        attempts.IsBlocked(guesser, out _).ShouldBeTrue();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100_000 * 200);
    }

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::ffff:1", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void Address_OfIPv6_CountsAsItsNetwork(string one, string other, bool isSame) =>
        (ClientAddress.Of(IPAddress.Parse(one)).Network == ClientAddress.Of(IPAddress.Parse(other)).Network).ShouldBe(isSame);

    [Fact]
    public async Task ForwardedFor_FromAStranger_IsNotBelieved()
    {
        await using var node = await StartAsync(trusting: false);
        await using var guesser = await RawConnection.OpenAsync(node);
        for (var i = 0; i < 4; i++) (await guesser.PredictAsync(Body, Bad(i), From($"10.0.0.{i}"))).ShouldBe(401);
        (await guesser.PredictAsync(Body, Bad(9), From("10.0.0.99"))).ShouldBe(429);
    }

    [Fact]
    public async Task ForwardedFor_LeftOfTheFirstStranger_IsNotBelieved()
    {
        await using var node = await StartAsync();
        await using var guesser = await RawConnection.OpenAsync(node);
        for (var i = 0; i < 4; i++) (await guesser.PredictAsync(Body, Bad(i), From($"10.0.0.{i}, 10.9.9.9"))).ShouldBe(401);
        (await guesser.PredictAsync(Body, Bad(9), From("10.0.0.99, 10.9.9.9"))).ShouldBe(429);
    }

    [Fact]
    public async Task ListOfModels_WithAKeyOfOneServiceOfTwo_IsNoGuess_AndWithAWrongOneIsJustOne()
    {
        await using var node = await StartAsync();
        await node.ImportAsync("other", new TestPackage { Authorization = TestPackage.ByKey("other", "pgn_the-key-of-the-other-service") }.Write());
        await node.SwitchAsync("v1", "other");
        for (var i = 0; i < 10; i++)
        {
            var listed = await ListAsync(node, TestPackage.Key);
            listed.ShouldContain("fraud.score");
            listed.ShouldNotContain("other.score");
        }

        for (var i = 0; i < 4; i++) (await ListAsync(node, "wrong")).ShouldNotContain("score");
        (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldFail(HttpStatusCode.TooManyRequests, "TooManyFailures");
    }

    private static async Task<string> ListAsync(TestNode node, string key) =>
        (await node.SendAsync(HttpMethod.Post, "v2/repository/index", null, TestNode.Basic(key))).ShouldSucceed().Text;

    private static string Good => $"Authorization: {TestNode.Basic(TestPackage.Key)}";

    private static string Bad(int guess) => $"Authorization: {TestNode.Basic($"guess-{guess}")}";

    private static string From(string client) => $"X-Forwarded-For: {client}";

    private FailedAttempts Attempts(out AccessOptions options)
    {
        options = new AccessOptions { FailedAttempts = 3 };
        return new FailedAttempts(Options.Create(options), _clock);
    }

    private Task<TestNode> StartAsync(bool trusting = true) => new ApiNodeBuilder().WithServices(services =>
    {
        services.AddSingleton<TimeProvider>(_clock);
        services.Configure<AccessOptions>(access =>
        {
            access.FailedAttempts = 3;
            if (trusting) access.TrustedProxies.Add("127.0.0.1");
        });
    }).WithService(package: new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
}
