using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Peregrine.Models.Artifacts;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Packages.Manifests;
using Peregrine.Records;
using Peregrine.Serving.Kinds;
using Peregrine.Serving.Tests.Kinds.Lookup;

namespace Peregrine.Serving.Tests.Kinds.Caching;

/// <summary>The cache and the merging of equal requests, seen from outside a node, with a kind that is as slow as the test wants.</summary>
public sealed class ResponseCacheTests
{
    private const string Path = "slow/one/slow";

    private readonly SlowKind _kind = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task FiftyCallers_OfTheSame_AreAnsweredByOneComputation()
    {
        await using var node = await StartAsync(new CacheSettings());
        var gate = new TaskCompletionSource();
        _kind.Gate = (_, _) => gate.Task;
        var calls = Enumerable.Range(0, 50).Select(caller => SendAsync(node, $$"""{ "data" : "a", "context":{{caller}}}""")).ToList();
        await Eventually.TrueAsync(() => InsideOf(node) >= 50);
        gate.SetResult();
        var answers = await Task.WhenAll(calls);

        _kind.Computed.ShouldBe(1);
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK && answer.Text.StartsWith("""{"results":[{"asked":"a","number":1}],"timing":"""));
        var uses = answers.GroupBy(answer => answer.Cache).ToDictionary(group => group.Key, group => group.Count());
        uses["peregrine; fwd=miss; stored"].ShouldBe(1);
        uses["peregrine; fwd=miss; collapsed"].ShouldBe(49);
        var lines = await LookupTests.LinesAsync(node, 50, _clock);
        lines.Select(line => (int)line["context"]!).Order().ShouldBe(Enumerable.Range(0, 50));
        lines.GroupBy(line => (string)line["cache"]!).ToDictionary(group => group.Key, group => group.Count()).ShouldBe(new Dictionary<string, int> { ["miss"] = 1, ["collapsed"] = 49 }, ignoreOrder: true);
        (await node.GetAsync("metrics")).Text.ShouldMatch("peregrine_inference_requests_total\\{[^}]*endpoint=\"one\"[^}]*generation=\"v1\"[^}]*outcome=\"ok\"[^}]*\\} 50");
    }

    [Fact]
    public async Task Answer_UntilItExpires_IsGivenAgainAndCounted()
    {
        await using var node = await StartAsync(new CacheSettings { TtlSeconds = 10 });
        (await SendAsync(node, """{"data":1}""")).Cache.ShouldBe("peregrine; fwd=miss; stored");
        _clock.Advance(TimeSpan.FromSeconds(9));
        var hit = await SendAsync(node, """{"data":1}""");
        hit.Cache.ShouldBe("peregrine; hit; ttl=1");
        hit.Text.ShouldStartWith("""{"results":[{"asked":1,"number":1}],""");
        (await SendAsync(node, """{"data":2}""")).Cache.ShouldBe("peregrine; fwd=miss; stored", "another request is another answer");
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await SendAsync(node, """{"data":1}""")).Text.ShouldContain("\"number\":3");
        _kind.Computed.ShouldBe(3);

        (await LookupTests.LinesAsync(node, 4, _clock)).Select(line => (string?)line["cache"]).Order().ShouldBe(["hit", "miss", "miss", "miss"]);
        var metrics = (await node.GetAsync("metrics")).Text;
        metrics.ShouldMatch("peregrine_cache_requests_total\\{[^}]*endpoint=\"one\"[^}]*result=\"hit\"[^}]*\\} 1");
        metrics.ShouldMatch("peregrine_cache_requests_total\\{[^}]*endpoint=\"one\"[^}]*result=\"stored\"[^}]*\\} 3");
        metrics.ShouldMatch("peregrine_inference_requests_total\\{[^}]*endpoint=\"one\"[^}]*outcome=\"ok\"[^}]*\\} 4");
        metrics.ShouldMatch("peregrine_cache_entries\\{[^}]*endpoint=\"one\"[^}]*\\} 2");
    }

    [Fact]
    public async Task Hits_CountAgainstRateLimits()
    {
        await using var node = await StartAsync(new CacheSettings());
        await node.AdminAsync(HttpMethod.Put, "services/slow/limits", """{"rules":[{"id":"two","endpoint":"one","limit":2,"windowSeconds":60}]}""");
        (await SendAsync(node, """{"data":1}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(node, """{"data":1}""")).Cache.ShouldStartWith("peregrine; hit");
        (await SendAsync(node, """{"data":1}""")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("refuse", HttpStatusCode.UnprocessableEntity)]
    [InlineData("fail", HttpStatusCode.InternalServerError)]
    public async Task Failure_IsToldToThoseWhoWaitAndNotKept(string what, HttpStatusCode status)
    {
        await using var node = await StartAsync(new CacheSettings());
        var gate = new TaskCompletionSource();
        _kind.Gate = (_, _) => gate.Task;
        var calls = Enumerable.Range(0, 3).Select(_ => SendAsync(node, $$"""{"data":"{{what}}"}""")).ToList();
        await Eventually.TrueAsync(() => InsideOf(node) >= 3);
        gate.SetResult();
        (await Task.WhenAll(calls)).Select(answer => answer.Status).ShouldBe([status, status, status]);
        _kind.Computed.ShouldBe(1);
        (await SendAsync(node, $$"""{"data":"{{what}}"}""")).Status.ShouldBe(status);
        _kind.Computed.ShouldBe(2, "a failure is not kept");
    }

    /// <summary>A kind that gives up on something of its own is a fault, not a caller's deadline.</summary>
    [Fact]
    public async Task TimeoutOfTheComputation_IsNotTheCallersDeadline()
    {
        await using var node = await StartAsync(new CacheSettings());
        _kind.Gate = async (_, cancellation) =>
        {
            await Task.Delay(20, cancellation);
            throw new TimeoutException("It takes too long.");
        };
        (await SendAsync(node, """{"data":1}""", timeout: 60_000)).Status.ShouldBe(HttpStatusCode.InternalServerError);
        _kind.Gate = (_, _) => Task.CompletedTask;
        (await SendAsync(node, """{"data":1}""")).Text.ShouldContain("\"number\":2");
    }

    [Fact]
    public async Task Fault_LeavesTheConnectionAsItWas()
    {
        await using var node = await StartAsync(new CacheSettings());
        var connections = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                Interlocked.Increment(ref connections);
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler);
        for (var call = 0; call < 5; call++)
        {
            using var content = new StringContent("""{"data":"fail"}""");
            using var response = await http.PostAsync(new Uri(node.Address, $"public/api/v1/{Path}"), content);
            response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
            await response.Content.ReadAsStringAsync();
        }

        connections.ShouldBe(1);
    }

    [Fact]
    public async Task CallerThatGoesAway_LeavesTheOthersTheirAnswer()
    {
        await using var node = await StartAsync(new CacheSettings());
        var gate = new TaskCompletionSource();
        _kind.Gate = (_, cancellation) => gate.Task.WaitAsync(cancellation);
        using var leaving = new CancellationTokenSource();
        var first = SendAsync(node, """{"data":1}""", cancellation: leaving.Token);
        await Eventually.TrueAsync(() => _kind.Computed == 1);
        var second = SendAsync(node, """{"data":1}""");
        await Eventually.TrueAsync(() => InsideOf(node) == 2);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        await Eventually.TrueAsync(() => InsideOf(node) == 1);
        gate.SetResult();
        (await second).Text.ShouldContain("\"number\":1");
        (_kind.Computed, _kind.Cancelled).ShouldBe((1, 0));
    }

    [Fact]
    public async Task ComputationThatNobodyWaitsFor_IsAbandonedAndBegunAnew()
    {
        await using var node = await StartAsync(new CacheSettings());
        var gate = new TaskCompletionSource();
        _kind.Gate = (_, cancellation) => gate.Task.WaitAsync(cancellation);
        using var leaving = new CancellationTokenSource();
        var first = SendAsync(node, """{"data":1}""", cancellation: leaving.Token);
        await Eventually.TrueAsync(() => _kind.Computed == 1);
        await leaving.CancelAsync();
        await Eventually.TrueAsync(() => _kind.Cancelled == 1);
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        gate.SetResult();
        (await SendAsync(node, """{"data":1}""")).Text.ShouldContain("\"number\":2");
    }

    [Fact]
    public async Task Deadline_OfOneCaller_EndsItsWaitAlone()
    {
        await using var node = await StartAsync(new CacheSettings());
        var gate = new TaskCompletionSource();
        _kind.Gate = (_, cancellation) => gate.Task.WaitAsync(cancellation);
        var patient = SendAsync(node, """{"data":1}""");
        await Eventually.TrueAsync(() => _kind.Computed == 1);
        var hasty = await SendAsync(node, """{"data":1}""", timeout: 50);
        hasty.Status.ShouldBe(HttpStatusCode.GatewayTimeout);
        gate.SetResult();
        (await patient).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Deadline_WithoutACache_CancelsTheComputation()
    {
        await using var node = await StartAsync(cache: null);
        _kind.Gate = (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation);
        (await SendAsync(node, """{"data":1}""", timeout: 50)).Status.ShouldBe(HttpStatusCode.GatewayTimeout);
        _kind.Cancelled.ShouldBe(1);
    }

    [Fact]
    public async Task WithoutSettings_NothingIsKeptOrMerged()
    {
        await using var node = await StartAsync(cache: null);
        for (var call = 0; call < 2; call++) (await SendAsync(node, """{"data":1}""")).Cache.ShouldBe("");
        _kind.Computed.ShouldBe(2);
    }

    [Fact]
    public async Task Node_ThatAllowsNoCaches_KeepsNothing()
    {
        await using var node = await StartAsync(new CacheSettings(), new ApiNodeBuilder().WithSetting("Serving:ResponseCache:Enabled", "false"));
        for (var call = 0; call < 2; call++) (await SendAsync(node, """{"data":1}""")).Cache.ShouldBe("");
        _kind.Computed.ShouldBe(2);
    }

    [Fact]
    public async Task AnotherGeneration_HasItsOwnAnswers()
    {
        await using var node = await StartAsync(new CacheSettings());
        await SendAsync(node, """{"data":1}""");
        await node.ImportAsync("slow", Package("v2", new CacheSettings()));
        await node.SwitchAsync("v2", "slow");
        (await SendAsync(node, """{"data":1}""")).Cache.ShouldBe("peregrine; fwd=miss; stored");
        (await SendAsync(node, """{"data":1}""")).Cache.ShouldStartWith("peregrine; hit");
    }

    /// <summary>The same id, and another kind: a call that the other kind does not have is not made of it.</summary>
    [Fact]
    public async Task Call_OfAGenerationWhoseEndpointIsOfAnotherKind_IsRefused()
    {
        await using var node = await StartAsync(new CacheSettings());
        await node.ImportAsync("slow", Package("v2", new LookupEndpointSource
        {
            Id = "one",
            Keys = [new LookupTableColumn(new Field("id", FieldKind.Integer), [1.0])], Columns = [new LookupTableColumn(new Field("x", FieldKind.Integer), [2.0])],
        }));
        await node.MapAsync("""{"entries":[{"generation":"v1","proba":1},{"generation":"v2","proba":0}]}""", "slow");
        (await SendAsync(node, """{"data":{"id":1},"dispatch":{"forcedGeneration":"v1"}}""")).Text.ShouldStartWith("""{"results":[{"asked":{"id":1},"number":1}]""");
        var other = await SendAsync(node, """{"data":{"id":1},"dispatch":{"forcedGeneration":"v2"}}""");
        other.Status.ShouldBe(HttpStatusCode.NotFound, other.Text);
        other.Text.ShouldContain("v2");
    }

    [Fact]
    public async Task Lookup_WithACache_TakesKeysThatMeanTheSameAsOne()
    {
        await using var node = await new LookupPackage { Settings = new LookupSettings { Cache = new CacheSettings() } }.StartAsync();
        string[] same = ["""{"data":{"country":"FR","number":1}}""", """{"context":1,"data":{"number":"1.0","country":"\u0046R"}}"""];
        (await SendAsync(node, same[0], "refs/people/lookup")).Cache.ShouldBe("peregrine; fwd=miss; stored");
        (await SendAsync(node, same[1], "refs/people/lookup")).Cache.ShouldStartWith("peregrine; hit");
        (await SendAsync(node, $$"""{"items":[{{same[0]}}]}""", "refs/people/lookup-multi")).Cache.ShouldBe("peregrine; fwd=miss; stored", "another call is another request");
        (await SendAsync(node, """{"data":{"country":"FR","number":2}}""", "refs/people/lookup")).Cache.ShouldBe("peregrine; fwd=miss; stored");
        (await SendAsync(node, """{"data":{"country":"FR"}}""", "refs/people/lookup")).Cache.ShouldBe("");
    }

    [Fact]
    public async Task Lookup_OfBothZeros_AnswersEachWithItself()
    {
        await using var node = await new LookupPackage { Settings = new LookupSettings { NoMatch = NoMatchPolicy.Nulls, Cache = new CacheSettings() } }.StartAsync();
        foreach (var zero in new[] { "0", "-0", "0", "-0" })
            (await SendAsync(node, $$$"""{"data":{"country":"FR","number":{{{zero}}}}}""", "refs/people/lookup")).Text
                .ShouldStartWith($$$"""{"results":[{"data":{"country":"FR","number":{{{zero}}},"name":null,"since":null},"ignored":false}],""");
    }

    [Fact]
    public async Task Lookup_WithACache_TakesNoTwoKeysAsOne()
    {
        await using var node = await new LookupPackage { Settings = new LookupSettings { Cache = new CacheSettings() } }.StartAsync();
        static string Key(string country, string number) => $$$"""{"data":{"country":"{{{country}}}","number":{{{number}}}}}""";
        // The eight bytes of a number stand between the texts of two records, or within the text of one.
        string[] others = [$"{Key("A\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000B", "0")}", $"{Key("A", "0")},{Key("B", "0")}", $"{Key("B", "0")},{Key("A", "0")}", Key("", "0"), Key("A", "null")];
        foreach (var items in others)
            (await SendAsync(node, $$"""{"items":[{{items}}]}""", "refs/people/lookup-multi")).Cache.ShouldBe("peregrine; fwd=miss; stored", items);
        // The two zeros are equal, but each is answered with itself.
        (await SendAsync(node, $$"""{"items":[{{Key("A", "-0.0")}},{{Key("B", "0")}}]}""", "refs/people/lookup-multi")).Cache.ShouldBe("peregrine; fwd=miss; stored");
        (await SendAsync(node, $$"""{"items":[{{others[1]}}]}""", "refs/people/lookup-multi")).Cache.ShouldStartWith("peregrine; hit");
    }

    [Fact]
    public async Task Hits_OfIgnoredRecords_CountAsIgnoredToo()
    {
        await using var node = await new LookupPackage { Settings = new LookupSettings { Cache = new CacheSettings() } }.StartAsync();
        for (var call = 0; call < 3; call++) await SendAsync(node, """{"data":{"country":"FR","number":2}}""", "refs/people/lookup");
        (await node.GetAsync("metrics")).Text.ShouldMatch("peregrine_inference_requests_total\\{[^}]*endpoint=\"people\"[^}]*outcome=\"ignored\"[^}]*\\} 3");
        var lines = await LookupTests.LinesAsync(node, 3);
        lines.Select(line => (string?)line["cache"]).ShouldBe(["miss", "hit", "hit"]);
        lines.ShouldAllBe(line => (string?)line["result"]!["ignoreReason"] == "NO_LOOKUP_MATCH");
    }

    /// <summary>A computation that outlives its request holds its generation, and lets it go at its end.</summary>
    [Fact]
    public async Task Computation_WhoseRequestIsGone_HoldsItsGenerationUntilItEnds()
    {
        await using var node = await StartAsync(new CacheSettings());
        var generation = node.Services.GetRequiredService<Serving.Snapshots.NodeState>().Current.Services["slow"].Targets[0];
        generation.Users.ShouldBe(1, "nobody but the snapshot");
        var gate = new TaskCompletionSource();
        _kind.Gate = (_, _) => gate.Task;
        (await SendAsync(node, """{"data":1}""", timeout: 50)).Status.ShouldBe(HttpStatusCode.GatewayTimeout);
        await Eventually.TrueAsync(() => InsideOf(node) == 0);
        generation.Users.ShouldBe(2, "the snapshot and the computation");
        gate.SetResult();
        await Eventually.TrueAsync(() => generation.Users == 1);
        var kept = await SendAsync(node, """{"data":1}""");
        kept.Cache.ShouldStartWith("peregrine; hit");
        kept.Text.ShouldStartWith("""{"results":[{"asked":1,"number":1}],""");
        _kind.Gate = (_, _) => Task.CompletedTask;
        for (var call = 0; call < 3; call++) (await SendAsync(node, """{"data":2}""")).Status.ShouldBe(HttpStatusCode.OK);
        await Eventually.TrueAsync(() => generation.Users == 1);
    }

    /// <summary>Requests that the node is answering.</summary>
    private static int InsideOf(TestNode node) => node.Services.GetRequiredService<Serving.Limits.AdmissionGate>().Inside;

    private async Task<TestNode> StartAsync(CacheSettings? cache, ApiNodeBuilder? builder = null)
    {
        var node = await (builder ?? new ApiNodeBuilder()).WithServices(services =>
        {
            services.AddSingleton<TimeProvider>(_clock);
            services.AddSingleton(new EndpointKinds([_kind, new LookupEndpointKind()]));
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IServedKind>(_kind));
        }).StartAsync();
        await node.ImportAsync("slow", Package("v1", cache));
        await node.SwitchAsync("v1", "slow");
        return node;
    }

    private byte[] Package(string version, CacheSettings? cache) => Package(version, new SlowKind.SlowSource { Id = "one", Cache = cache });

    private byte[] Package(string version, EndpointSource endpoint)
    {
        using var target = new MemoryStream();
        new PackageWriter(new EndpointKinds([_kind, new LookupEndpointKind()])).Write(new PackageContent
        {
            ServiceId = "slow", VersionId = version, CreatedOn = _clock.GetUtcNow(), Authorization = ServiceAuthorization.Public, Endpoints = [endpoint],
        }, target);
        return target.ToArray();
    }

    private static async Task<(HttpStatusCode Status, string Text, string Cache)> SendAsync(
        TestNode node, string body, string path = Path, int? timeout = null, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, $"public/api/v1/{path}")) { Content = new StringContent(body, Encoding.UTF8) };
        if (timeout is { } milliseconds) request.Headers.Add("X-Request-Timeout-Ms", $"{milliseconds}");
        using var response = await node.Http.SendAsync(request, cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellation), response.Headers.TryGetValues("Cache-Status", out var values) ? string.Join(",", values) : "");
    }
}
