using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Peregrine.Packages.Manifests;

namespace Peregrine.Serving.Tests.RateLimits;

public sealed class RateLimitTests
{
    private const string Body = $$"""{"features":{{TestPackage.GoodFeatures}}}""";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Requests_BeyondTheLimit_AreAnswered429WithTheTimeToWait()
    {
        await using var node = await Node().StartAsync();
        await LimitAsync(node, """{"id":"burst","limit":3,"windowSeconds":60}""");
        for (var left = 2; left >= 0; left--)
        {
            using var answer = await AskAsync(node);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            Header(answer, "RateLimit-Policy").ShouldBe("\"burst\";q=3;w=60");
            Header(answer, "RateLimit").ShouldBe($"\"burst\";r={left.ToString(CultureInfo.InvariantCulture)};t={((3 - left) * 20).ToString(CultureInfo.InvariantCulture)}");
        }

        using (var refused = await AskAsync(node))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            Header(refused, "Retry-After").ShouldBe("20");
            Header(refused, "RateLimit").ShouldBe("\"burst\";r=0;t=60");
            var error = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!;
            ((string?)error["errorType"]).ShouldBe("RateLimited");
            ((string?)error["detailedMessage"]).ShouldBe("Rate limit 'burst' is used up: 3 requests in 60 s for this key. Try again in 20 s.");
        }

        _clock.Advance(TimeSpan.FromSeconds(20));
        (await node.PredictAsync(Body)).ShouldSucceed();
        var told = (await node.AdminAsync(HttpMethod.Get, "services/fraud/limits"))!["rules"]![0]!;
        ((long?)told["refused"]).ShouldBe(1);
        ((long?)told["callers"]![0]!["remaining"]).ShouldBe(0);
        (await node.GetAsync("metrics")).Text.ShouldMatch("peregrine_inference_requests_total\\{[^}]*outcome=\"limited\"[^}]*\\} 1");
    }

    [Fact]
    public async Task Rows_AreChargedInFull_AndTheNextCallWaits()
    {
        await using var node = await Node().StartAsync();
        await LimitAsync(node, """{"id":"rows","unit":"rows","limit":10,"windowSeconds":10}""");
        using var first = await AskAsync(node, Many(25), "predict-multi");
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        Header(first, "RateLimit-Policy").ShouldBe("\"rows\";q=10;qu=\"rows\";w=10");
        Header(first, "RateLimit").ShouldBe("\"rows\";r=0;t=25");
        (await node.PredictAsync(Body)).ShouldFail(HttpStatusCode.TooManyRequests, "RateLimited").Detail.ShouldContain("10 records in 10 s");
        _clock.Advance(TimeSpan.FromSeconds(16));
        (await node.PredictAsync(Body)).ShouldSucceed();
    }

    [Fact]
    public async Task Stream_IsChargedForItsRecords()
    {
        await using var node = await Node().StartAsync();
        await LimitAsync(node, """{"id":"rows","unit":"rows","limit":100,"windowSeconds":100}""");
        using var lines = new StringContent(string.Concat(Enumerable.Repeat(TestPackage.GoodFeatures + "\n", 40)), Encoding.UTF8, "application/x-ndjson");
        using var answer = await node.Http.PostAsync(new Uri("public/api/v1/fraud/score/predict-multi", UriKind.Relative), lines);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        Header(answer, "RateLimit").ShouldBe("\"rows\";r=100;t=0", "the answer begins before the stream is read");
        await Eventually.TrueAsync(async () => (long?)(await node.AdminAsync(HttpMethod.Get, "services/fraud/limits"))!["rules"]![0]!["callers"]![0]!["remaining"] == 60);
    }

    [Fact]
    public async Task Keys_CountEachForItself_UnlessTheyCountTogether()
    {
        await using var node = await Node(new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        var other = (string)(await node.AdminAsync(HttpMethod.Post, "services/fraud/keys", """{"label":"other"}"""))!["key"]!;
        await LimitAsync(node, """{"id":"each","limit":1,"windowSeconds":60}""");
        (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldSucceed();
        (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldFail(HttpStatusCode.TooManyRequests, "RateLimited");
        (await node.PredictAsync(Body, key: other)).ShouldSucceed();

        await LimitAsync(node, """{"id":"all","limit":1,"windowSeconds":60,"per":"service"}""");
        (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldSucceed();
        (await node.PredictAsync(Body, key: other)).ShouldFail(HttpStatusCode.TooManyRequests, "RateLimited").Detail.ShouldContain("all callers together");
        (await node.PredictAsync(Body, key: "wrong")).Status.ShouldBe(HttpStatusCode.Unauthorized, "who may not ask is not counted");
    }

    [Fact]
    public async Task Rule_OfOneKey_LeavesTheOthersAlone()
    {
        await using var node = await Node(new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        var made = (await node.AdminAsync(HttpMethod.Post, "services/fraud/keys", """{"label":"partner"}"""))!;
        await LimitAsync(node, $$"""{"id":"partner","limit":1,"windowSeconds":60,"key":"{{made["id"]}}"}""");
        (await node.PredictAsync(Body, key: (string)made["key"]!)).ShouldSucceed();
        (await node.PredictAsync(Body, key: (string)made["key"]!)).ShouldFail(HttpStatusCode.TooManyRequests, "RateLimited");
        for (var i = 0; i < 3; i++) (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldSucceed();
    }

    [Fact]
    public async Task RefusedBySecondRule_IsNotCountedByTheFirst()
    {
        await using var node = await Node().StartAsync();
        await LimitAsync(node, """{"id":"wide","limit":10,"windowSeconds":60},{"id":"narrow","limit":1,"windowSeconds":60,"endpoint":"score"}""");
        (await node.PredictAsync(Body)).ShouldSucceed();
        (await node.PredictAsync(Body)).ShouldFail(HttpStatusCode.TooManyRequests, "RateLimited").Detail.ShouldContain("'narrow'");
        ((long?)(await node.AdminAsync(HttpMethod.Get, "services/fraud/limits"))!["rules"]![0]!["callers"]![0]!["remaining"]).ShouldBe(9);
    }

    [Fact]
    public async Task OpenInference_SharesTheLimits()
    {
        await using var node = await Node().StartAsync();
        await LimitAsync(node, """{"id":"burst","limit":1,"windowSeconds":60}""");
        (await node.PredictAsync(Body)).ShouldSucceed();
        var answer = await node.SendAsync(HttpMethod.Post, "v2/models/fraud.score/infer", new StringContent("{}", Encoding.UTF8, "application/json"));
        answer.ShouldFail(HttpStatusCode.TooManyRequests, "RateLimited");
        ((string?)answer.Json["error"]).ShouldNotBeNull().ShouldContain("burst");
    }

    [Fact]
    public async Task ChangedRule_KeepsWhatAQuotaCounted()
    {
        await using var node = await Node().StartAsync();
        await LimitAsync(node, """{"id":"day","limit":5,"period":"day"}""");
        for (var i = 0; i < 3; i++) (await node.PredictAsync(Body)).ShouldSucceed();
        await LimitAsync(node, """{"id":"day","limit":4,"period":"day"}""");
        using (var last = await AskAsync(node)) Header(last, "RateLimit").ShouldBe("\"day\";r=0;t=43200");
        (await node.PredictAsync(Body)).ShouldFail(HttpStatusCode.TooManyRequests, "QuotaExceeded").Detail.ShouldContain("4 requests in a day");
    }

    [Fact]
    public async Task Quota_OutlivesTheNode()
    {
        var directory = Directory.CreateTempSubdirectory("peregrine-quota-").FullName;
        try
        {
            await using (var node = await Node().On(directory).StartAsync())
            {
                await LimitAsync(node, """{"id":"day","limit":5,"period":"day"},{"id":"burst","limit":5,"windowSeconds":60}""");
                for (var i = 0; i < 3; i++) (await node.PredictAsync(Body)).ShouldSucceed();
            }

            await using (var node = await new ApiNodeBuilder().WithServices(services => services.AddSingleton<TimeProvider>(_clock)).On(directory).StartAsync())
            {
                using var answer = await AskAsync(node);
                Header(answer, "RateLimit").ShouldBe("\"day\";r=1;t=43200, \"burst\";r=4;t=12");
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Quotas_OfTwoRulesAndTwoKeys_OutliveTheNodeEachForItself()
    {
        var directory = Directory.CreateTempSubdirectory("peregrine-quota-").FullName;
        try
        {
            string other, otherId;
            await using (var node = await Node(new TestPackage { Authorization = TestPackage.ByKey() }).On(directory).StartAsync())
            {
                var made = (await node.AdminAsync(HttpMethod.Post, "services/fraud/keys", """{"label":"other"}"""))!;
                (other, otherId) = ((string)made["key"]!, (string)made["id"]!);
                await LimitAsync(node, """{"id":"day","limit":50,"period":"day"},{"id":"month","unit":"rows","limit":900,"period":"month"}""");
                for (var i = 0; i < 3; i++) (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldSucceed();
                (await node.PredictAsync(Many(20), "fraud/score/predict-multi", other)).ShouldSucceed();
                _clock.Advance(TimeSpan.FromSeconds(6));
                // Written down as it goes, not only at the end.
                await Eventually.TrueAsync(() => File.Exists(Path.Combine(directory, "services/fraud/quotas.json")));
            }

            await using (var node = await new ApiNodeBuilder().WithServices(services => services.AddSingleton<TimeProvider>(_clock)).On(directory).StartAsync())
            {
                foreach (var key in (string[])[TestPackage.Key, other]) (await node.PredictAsync(Body, key: key)).ShouldSucceed();
                var rules = (await node.AdminAsync(HttpMethod.Get, "services/fraud/limits"))!["rules"]!.AsArray();
                foreach (var (rule, left) in new[] { (0, "first 46, other 48"), (1, "first 896, other 879") })
                    string.Join(", ", rules[rule]!["callers"]!.AsArray().Select(caller => $"{((string?)caller!["key"] == otherId ? "other" : "first")} {caller["remaining"]}").Order(StringComparer.Ordinal)).ShouldBe(left);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Better counts that begin anew than a node that does not start.</summary>
    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"rules":{"day":{"":{"used":"many"}}}}""")]
    public async Task QuotasThatCannotBeRead_BeginAnew(string damaged)
    {
        var directory = Directory.CreateTempSubdirectory("peregrine-quota-").FullName;
        try
        {
            await using (var node = await Node().On(directory).StartAsync())
            {
                await LimitAsync(node, """{"id":"day","limit":5,"period":"day"}""");
                for (var i = 0; i < 5; i++) (await node.PredictAsync(Body)).ShouldSucceed();
            }

            await File.WriteAllTextAsync(Path.Combine(directory, "services/fraud/quotas.json"), damaged);
            await using (var node = await new ApiNodeBuilder().WithServices(services => services.AddSingleton<TimeProvider>(_clock)).On(directory).StartAsync())
            {
                using var answer = await AskAsync(node);
                Header(answer, "RateLimit").ShouldBe("\"day\";r=4;t=43200");
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Rules_ThatAreSetAnew_GoOnCountingWhereTheyAreTheSameAndBeginAnewWhereNot()
    {
        await using var node = await Node().StartAsync();
        await LimitAsync(node, """{"id":"burst","limit":5,"windowSeconds":60},{"id":"long","limit":5,"period":"day"}""");
        for (var i = 0; i < 3; i++) (await node.PredictAsync(Body)).ShouldSucceed();
        await LimitAsync(node, """{"id":"burst","limit":5,"windowSeconds":60},{"id":"long","limit":5,"period":"month"},{"id":"new","limit":9,"windowSeconds":9}""");
        using var answer = await AskAsync(node);
        Header(answer, "RateLimit").ShouldBe("\"burst\";r=1;t=48, \"long\";r=4;t=2548800, \"new\";r=8;t=1");
    }

    [Fact]
    public async Task FileThatCannotBeRead_IsToldAndLeftAlone()
    {
        var directory = Directory.CreateTempSubdirectory("peregrine-limits-").FullName;
        try
        {
            await using (var node = await Node().On(directory).StartAsync()) await LimitAsync(node, """{"id":"burst","limit":1,"windowSeconds":60}""");
            await File.WriteAllTextAsync(Path.Combine(directory, "services/fraud/limits.json"), "{");
            await using (var node = await new ApiNodeBuilder().On(directory).StartAsync())
            {
                for (var i = 0; i < 3; i++) (await node.PredictAsync(Body)).ShouldSucceed();
                (await node.GetAsync("readyz?verbose")).ShouldSucceed().Text.ShouldContain("limits of service fraud not taken up");
                (await node.TryAdminAsync(HttpMethod.Put, "services/fraud/limits", """{"rules":[]}""")).ShouldFail(HttpStatusCode.Conflict, "LimitsUnreadable");
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("""{"limit":1,"windowSeconds":1}""", "/rules/0/id")]
    [InlineData("""{"id":"a b","limit":1,"windowSeconds":1}""", "/rules/0/id")]
    [InlineData("""{"id":"a","windowSeconds":1}""", "/rules/0/limit")]
    [InlineData("""{"id":"a","limit":0,"windowSeconds":1}""", "/rules/0/limit")]
    [InlineData("""{"id":"a","limit":1.5,"windowSeconds":1}""", "/rules/0/limit")]
    [InlineData("""{"id":"a","limit":1,"windowSeconds":86401}""", "/rules/0/windowSeconds")]
    [InlineData("""{"id":"a","limit":1}""", "/rules/0")]
    [InlineData("""{"id":"a","limit":1,"windowSeconds":1,"period":"day"}""", "/rules/0")]
    [InlineData("""{"id":"a","limit":1,"period":"fortnight"}""", "/rules/0/period")]
    [InlineData("""{"id":"a","limit":1,"period":"day","per":"2"}""", "/rules/0/per")]
    [InlineData("""{"id":"a","limit":1,"period":"day","unit":"bytes"}""", "/rules/0/unit")]
    [InlineData("""{"id":"a","limit":1,"period":"day","endpoint":"scoer"}""", "/rules/0/endpoint")]
    [InlineData("""{"id":"a","limit":1,"period":"day","colour":"red"}""", "/rules/0/colour")]
    [InlineData("""{"id":"a","limit":1,"period":"day"},{"id":"a","limit":2,"period":"day"}""", "/rules/1/id")]
    [InlineData("7", "/rules/0")]
    public async Task BadRule_IsRefusedAtItsPlace_AndChangesNothing(string rules, string place)
    {
        await using var node = await Node().StartAsync();
        var answer = await node.TryAdminAsync(HttpMethod.Put, "services/fraud/limits", $$"""{"rules":[{{rules}}]}""");
        answer.ShouldFail(HttpStatusCode.BadRequest, "InvalidRule");
        answer.Text.ShouldContain($"\"{place}\"");
        (await node.AdminAsync(HttpMethod.Get, "services/fraud/limits"))!["rules"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("half of a surrogate pair", "{\"rules\":[{\"id\":\"\\ud800\",\"limit\":1,\"windowSeconds\":1}]}")]
    [InlineData("the same in a name", "{\"rules\":[{\"\\uD800\":1}]}")]
    [InlineData("no UTF-8", "{\"rules\":[{\"id\":\"\u00ff\",\"limit\":1,\"windowSeconds\":1}]}")]
    public async Task Rules_ThatAreNoText_AreMalformed(string what, string body)
    {
        await using var node = await Node().StartAsync();
        var answer = await node.SendAsync(HttpMethod.Put, "admin/api/services/fraud/limits", new ByteArrayContent(Encoding.Latin1.GetBytes(body)), TestNode.Basic(ApiNodeBuilder.AdminKey));
        answer.Status.ShouldBe(HttpStatusCode.BadRequest, what);
        answer.ErrorType.ShouldBe("MalformedJson");
    }

    [Fact]
    public async Task TooManyRules_AreRefused()
    {
        await using var node = await Node().WithSetting("Serving:RateLimits:MaxRulesPerService", "1").StartAsync();
        (await node.TryAdminAsync(HttpMethod.Put, "services/fraud/limits", """{"rules":[{"id":"a","limit":1,"period":"day"},{"id":"b","limit":1,"period":"day"}]}"""))
            .ShouldFail(HttpStatusCode.Conflict, "TooManyRules");
        (await node.TryAdminAsync(HttpMethod.Get, "services/nope/limits")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private ApiNodeBuilder Node(TestPackage? package = null) =>
        new ApiNodeBuilder().WithService(package: package).WithServices(services => services.AddSingleton<TimeProvider>(_clock));

    private static Task LimitAsync(TestNode node, string rules) => node.AdminAsync(HttpMethod.Put, "services/fraud/limits", $$"""{"rules":[{{rules}}]}""");

    private static Task<HttpResponseMessage> AskAsync(TestNode node, string body = Body, string call = "predict") =>
        node.Http.PostAsync(new Uri($"public/api/v1/fraud/score/{call}", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

    private static string Many(int count) => $"{{\"items\":[{string.Join(',', Enumerable.Repeat(Body, count))}]}}";

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
