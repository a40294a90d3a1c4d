using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Peregrine.Contracts.Files;
using Peregrine.Hosting.Authentication;

namespace Peregrine.Serving.Tests.Access;

/// <summary>When keys were last used: what counts, where it is told, and that it outlives the node.</summary>
public sealed class KeyUseTests : IDisposable
{
    private const string Body = $$"""{"features":{{TestPackage.GoodFeatures}}}""";

    private static readonly DateTimeOffset s_start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-key-uses-").FullName;
    private readonly FakeTimeProvider _clock = new(s_start);

    private string UsesPath => Path.Combine(_folder, "services/fraud/key-uses.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task AcceptedUse_OfEachKey_IsToldToTheSecond_AlsoOnAConnectionThatIsKnown()
    {
        await using var node = await Keyed().StartAsync();
        var own = (await node.AdminAsync(HttpMethod.Post, "services/fraud/keys", """{"label":"own"}"""))!;
        own.AsObject().ShouldContainKey("lastUsed");
        (await LastUsesAsync(node)).ShouldBe([null, null]);
        await using var connection = await RawConnection.OpenAsync(node);
        for (var i = 1; i <= 3; i++)
        {
            _clock.Advance(s_second);
            (await connection.PredictAsync(Body, $"Authorization: {TestNode.Basic(TestPackage.Key)}")).ShouldBe(200);
            (await LastUsesAsync(node)).ShouldBe([s_start.AddSeconds(i), null]);
        }

        _clock.Advance(TimeSpan.FromMinutes(10));
        (await node.GetAsync("public/api/v1/fraud/openapi.json", (string?)own["key"])).ShouldSucceed();

        (await LastUsesAsync(node)).ShouldBe([s_start.AddSeconds(3), s_start.AddSeconds(3).AddMinutes(10)]);
        ((string?)(await KeysAsync(node))[0]!["lastUsed"]).ShouldBe("2026-06-01T12:00:03+00:00");
    }

    [Fact]
    public async Task RefusedUse_DoesNotCount()
    {
        await using var node = await Keyed().StartAsync();
        var scoped = await AddAsync(node, """{"endpoints":["score"]}""");
        var ending = await AddAsync(node, $$"""{"expiry":"{{s_start.AddMinutes(5):O}}"}""");
        foreach (var key in new[] { TestPackage.Key, scoped, ending }) (await node.PredictAsync(Body, key: key)).ShouldSucceed();
        _clock.Advance(TimeSpan.FromMinutes(5));

        (await node.PredictAsync(Body, key: ending)).ShouldFail(HttpStatusCode.Unauthorized, "KeyExpired");
        (await node.PredictAsync(Body, "fraud//other/predict", scoped)).ShouldFail(HttpStatusCode.NotFound, "EndpointNotFound");
        (await LastUsesAsync(node)).ShouldBe([s_start, s_start.AddMinutes(5), s_start], "a path that leads nowhere was let in, and told so");
        await node.ImportAsync("fraud", new TestPackage { Version = "v2", Endpoint = "other", Authorization = TestPackage.ByKey() }.Write());
        await node.MapAsync("""{"strategy":"RANDOM","entries":[{"generation":"v1","proba":0.5},{"generation":"v2","proba":0.5}]}""");
        _clock.Advance(s_second);
        (await node.PredictAsync(Body, "fraud/other/predict", scoped)).ShouldFail(HttpStatusCode.Forbidden, "KeyNotForEndpoint");
        (await node.PredictAsync(Body, key: TestPackage.Key + "x")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await node.PredictAsync(Body, key: ApiNodeBuilder.AdminKey)).Status.ShouldNotBe(HttpStatusCode.Unauthorized);

        (await LastUsesAsync(node)).ShouldBe([s_start, s_start.AddMinutes(5), s_start]);
    }

    [Fact]
    public async Task Uses_OutliveTheNode_AlsoOneThatIsKilledAfterTheyWereWrittenDown()
    {
        await using (var node = await Keyed().StartAsync())
        {
            (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldSucceed();
            File.Exists(UsesPath).ShouldBeFalse("no request waits for the disk");
            await MinutesUntilAsync(() => File.Exists(UsesPath));
            var written = await File.ReadAllTextAsync(UsesPath);
            written.ShouldContain(ApiKeyHash.Of(TestPackage.Key).ToString());
            written.ShouldContain("2026-06-01T12:00:00");
            written.ShouldNotContain(TestPackage.Key);
            if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(UsesPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldSucceed();
        }

        await using var again = await Node().StartAsync();
        (await LastUsesAsync(again)).ShouldBe([_clock.GetUtcNow()], "a clean stop loses none");
    }

    [Fact]
    public async Task Uses_AreOfAKey_NotOfItsId()
    {
        await using var node = await Keyed().StartAsync();
        (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldSucceed();
        await node.ImportAsync("fraud", new TestPackage { Version = "v2", Authorization = TestPackage.ByKey(key: "another") }.Write());
        await node.SwitchAsync("v2");

        (await LastUsesAsync(node)).ShouldBe([null]);
        await node.SwitchAsync("v1");
        (await LastUsesAsync(node)).ShouldBe([s_start]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"keys":null}""")]
    [InlineData("""{"keys":{"HASH":"soon"}}""")]
    [InlineData("""{"keys":{"of nobody":"2026-01-01T00:00:00Z","HASH":"0001-01-01T00:00:00Z"}}""")]
    [InlineData("""{"keys":{"hash":"0001-01-01T00:00:00Z","HASH":"0001-01-01T00:00:00Z"}}""")]
    public async Task FileThatIsMissingOrDamaged_KnowsNoUse_AndBeginsAnew(string? content)
    {
        await using (await Keyed().StartAsync()) { }
        var hash = ApiKeyHash.Of(TestPackage.Key).ToString();
        if (content is not null)
            await File.WriteAllTextAsync(UsesPath, content.Replace("hash", hash, StringComparison.Ordinal).Replace("HASH", hash.ToUpperInvariant(), StringComparison.Ordinal));
        await using (var node = await Node().StartAsync())
        {
            (await LastUsesAsync(node)).ShouldBe([null]);
            (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldSucceed();
        }

        await using var again = await Node().StartAsync();
        (await LastUsesAsync(again)).ShouldBe([s_start]);
    }

    [Fact]
    public async Task DiskThatTakesNoWrites_DisturbsNobody_AndIsTriedAgain()
    {
        var disk = new WatchedDisk();
        await using var node = await Keyed().WithServices(services => services.AddSingleton<FileLayer>(disk)).StartAsync();
        disk.IsFull = true;
        (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldSucceed();
        await MinutesUntilAsync(() => disk.Tries > 0);
        (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldSucceed();
        (await LastUsesAsync(node)).ShouldBe([_clock.GetUtcNow()]);
        disk.IsFull = false;

        await MinutesUntilAsync(() => File.Exists(UsesPath));
    }

    [Fact]
    public async Task NothingNew_IsNotWritten()
    {
        var disk = new WatchedDisk();
        await using (var node = await Keyed().WithServices(services => services.AddSingleton<FileLayer>(disk)).StartAsync())
        {
            (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldSucceed();
            await MinutesUntilAsync(() => File.Exists(UsesPath));
        }

        await using (var again = await Node().WithServices(services => services.AddSingleton<FileLayer>(disk)).StartAsync()) (await LastUsesAsync(again)).ShouldBe([s_start]);
        disk.Tries.ShouldBe(1);
    }

    private ApiNodeBuilder Node() => new ApiNodeBuilder().On(_folder).WithServices(services => services.AddSingleton<TimeProvider>(_clock));

    private ApiNodeBuilder Keyed() => Node().WithService(package: new TestPackage { Authorization = TestPackage.ByKey() });

    private Task MinutesUntilAsync(Func<bool> condition) => Eventually.TrueAsync(() =>
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        return condition();
    });

    private static async Task<string> AddAsync(TestNode node, string body) => (string)(await node.AdminAsync(HttpMethod.Post, "services/fraud/keys", body))!["key"]!;

    private static async Task<JsonArray> KeysAsync(TestNode node) => (await node.AdminAsync(HttpMethod.Get, "services/fraud/keys"))!.AsArray();

    /// <summary>The package's key first, then those of the node as they were made.</summary>
    private static async Task<DateTimeOffset?[]> LastUsesAsync(TestNode node) => [.. (await KeysAsync(node)).Select(key => (DateTimeOffset?)key!["lastUsed"])];

    private sealed class WatchedDisk : FileLayer
    {
        private const int NoSpace = 28;
        private volatile int _tries;

        /// <summary>How often the uses of keys were to be written.</summary>
        public int Tries => _tries;

        public bool IsFull { get; set; }

        public override Stream Create(string path, UnixFileMode? mode)
        {
            if (Path.GetFileName(path).StartsWith("key-uses", StringComparison.Ordinal)) Interlocked.Increment(ref _tries);
            return IsFull ? throw new IOException("No space left on device", NoSpace) : base.Create(path, mode);
        }
    }
}
