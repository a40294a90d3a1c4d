using Microsoft.Extensions.DependencyInjection;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Serving.Tests.OpenApi;

namespace Peregrine.Serving.Tests.Kinds.Lookup;

public sealed class LookupTests
{
    private const string Ann = """{"data":{"country":"FR","number":1,"name":"Ann","since":"2026-01-31"},"ignored":false}""";
    private const string None = """{"ignored":true,"ignoreReason":"NO_LOOKUP_MATCH"}""";
    private const string Several = """{"ignored":true,"ignoreReason":"MULTIPLE_LOOKUP_MATCHES"}""";

    [Theory]
    [InlineData("""{"data":{"country":"FR","number":1}}""", Ann)]
    [InlineData("""{"data":{"number":"1","country":"FR"},"context":{"a":1}}""", Ann)]
    [InlineData("""{"data":{"country":"FR","number":2}}""", None)]
    [InlineData("""{"data":{"country":null,"number":1}}""", None)]
    [InlineData("""{"data":{"country":"GB","number":1}}""", Several)]
    public async Task Lookup_OneKey_AnswersAListOfOneResult(string body, string expected)
    {
        await using var node = await new LookupPackage().StartAsync();
        var answer = await node.PredictAsync(body, "refs/people/lookup");
        answer.ShouldSucceed();
        answer.Text.ShouldStartWith($$"""{"results":[{{expected}}],"timing":{""");
        ((string?)answer.Json!["apiContext"]!["serviceGeneration"]).ShouldBe("v1");
    }

    [Fact]
    public async Task LookupMulti_SeveralKeys_AnswersInTheirOrder()
    {
        await using var node = await new LookupPackage { Settings = new LookupSettings { SeveralMatches = SeveralMatchesPolicy.First } }.StartAsync();
        var answer = await node.PredictAsync(
            """{"items":[{"data":{"country":"GB","number":1}},{"data":{"country":"?","number":1},"context":7},{"data":{"country":"FR","number":1}}]}""", "refs/people/lookup-multi");
        answer.ShouldSucceed();
        answer.Text.ShouldStartWith($$"""{"results":[{"data":{"country":"GB","number":1,"name":"Bob","since":null},"ignored":false},{{None}},{{Ann}}],""");
        (await node.PredictAsync("""{"items":[]}""", "refs/people/lookup-multi")).Text.ShouldStartWith("""{"results":[],""");
    }

    [Fact]
    public async Task Lookup_AfterARestart_AnswersTheSameBytes()
    {
        const string body = """{"data":{"country":"XX","number":1234}}""";
        var builder = new ApiNodeBuilder();
        var directory = Directory.CreateTempSubdirectory("peregrine-lookup-").FullName;
        string before;
        await using (var node = await new LookupPackage { More = 5000 }.StartAsync(builder.On(directory)))
            before = ResultOf(await node.PredictAsync(body, "refs/people/lookup"));
        await using (var node = await new ApiNodeBuilder().On(directory).StartAsync())
            ResultOf(await node.PredictAsync(body, "refs/people/lookup")).ShouldBe(before);
        before.ShouldContain("person 1234");
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("lookup", "", "NoBody", null)]
    [InlineData("lookup", "[]", "MalformedJson", null)]
    [InlineData("lookup", """{"data":{"country":"FR","number":1}""", "MalformedJson", null)]
    [InlineData("lookup", """{"features":{}}""", "UnknownMember", "/features")]
    [InlineData("lookup", """{"context":{}}""", "MissingMember", "/data")]
    [InlineData("lookup", """{"data":{"country":"FR","number":1},"data":{}}""", "DuplicateMember", "/data")]
    [InlineData("lookup", """{"data":{"country":"FR"}}""", "MissingField", "/data/number")]
    [InlineData("lookup", """{"data":{"country":"FR","number":1,"no/such":1}}""", "UnknownField", "/data/no~1such")]
    [InlineData("lookup", """{"data":{"country":"FR","number":"one"}}""", "WrongType", "/data/number")]
    [InlineData("lookup", """{"data":{"country":{},"number":1}}""", "WrongType", "/data/country")]
    [InlineData("lookup", """{"data":7}""", "NotAnObject", "/data")]
    [InlineData("lookup", """{"data":{"country":"FR","number":1},"dispatch":7}""", "WrongType", "/dispatch")]
    [InlineData("lookup-multi", """{"data":{"country":"FR","number":1}}""", "UnknownMember", "/data")]
    [InlineData("lookup-multi", """{"items":{}}""", "WrongType", "/items")]
    [InlineData("lookup-multi", """{"items":[{"data":{"country":"FR","number":1}},{"data":{"country":"FR","number":[]}}]}""", "WrongType", "/items/1/data/number")]
    [InlineData("lookup-multi", """{"items":[{}]}""", "WrongType", "/items/0")]
    [InlineData("lookup-multi", """{"items":[{"data":{"country":"FR","number":1},"dta":1}]}""", "UnknownMember", "/items/0/dta")]
    [InlineData("lookup-multi", """{"items":[{"data":{"country":"FR","number":1}},{"data":{"country":"FR","number":1},"data":{"country":"FR","number":2}}]}""", "DuplicateMember", "/items/1/data")]
    [InlineData("lookup-multi", """{"items":[{"data":{"country":"FR","number":1}},7]}""", "WrongType", "/items/1")]
    [InlineData("lookup-multi", """{"items":[],"items":[]}""", "DuplicateMember", "/items")]
    public async Task Lookup_WrongRequest_IsRefusedWithThePlace(string call, string body, string type, string? pointer)
    {
        await using var node = await new LookupPackage().StartAsync();
        var answer = await node.PredictAsync(body, $"refs/people/{call}");
        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Text);
        ((string?)answer.Json!["errorType"]).ShouldBe(type);
        ((string?)answer.Json["errors"]?[0]!["pointer"]).ShouldBe(pointer);
    }

    [Fact]
    public async Task LookupMulti_MoreRecordsThanAllowed_IsRefused()
    {
        await using var node = await new LookupPackage().StartAsync(new ApiNodeBuilder().With(options => options.MaxRecordsPerRequest = 2));
        const string item = """{"data":{"country":"FR","number":1}}""";
        (await node.PredictAsync($$"""{"items":[{{item}},{{item}}]}""", "refs/people/lookup-multi")).ShouldSucceed();
        (await node.PredictAsync($$"""{"items":[{{item}},{{item}},{{item}}]}""", "refs/people/lookup-multi")).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task LookupMulti_LargeBodyInGzipAndInPieces_IsAnsweredInItsTurn()
    {
        await using var node = await new LookupPackage { More = 3000 }.StartAsync(new ApiNodeBuilder().With(options => options.MaxRecordsPerRequest = 10_000));
        var body = new StringBuilder("{\"items\":[");
        for (var at = 0; at < 3000; at++) body.Append(at == 0 ? "" : ",").Append($$$"""{"data":{"country":"XX","number":{{{at}}}}}""");
        body.Append("]}");
        var plain = Encoding.UTF8.GetBytes(body.ToString());
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true)) await gzip.WriteAsync(plain, TestContext.Current.CancellationToken);
        var zipped = new ByteArrayContent(packed.ToArray());
        zipped.Headers.ContentEncoding.Add("gzip");
        foreach (var content in new HttpContent[] { new ByteArrayContent(plain), zipped })
        {
            var answer = await node.SendAsync(HttpMethod.Post, "public/api/v1/refs/people/lookup-multi", content);
            answer.ShouldSucceed();
            var results = answer.Json!["results"]!.AsArray();
            results.Count.ShouldBe(3000);
            ((string?)results[2999]!["data"]!["name"]).ShouldBe("person 2999");
        }
    }

    [Fact]
    public async Task Columns_OfADeletedGeneration_AreForgotten()
    {
        var settings = new LookupSettings { LogColumns = [new LogColumnRule { Column = "name", Action = LogAction.Drop }] };
        await using var node = await new LookupPackage { Settings = settings }.StartAsync();
        var policies = node.Services.GetRequiredService<Peregrine.Serving.QueryLog.Columns.ColumnPolicies>();
        policies.Any.ShouldBeTrue();
        await node.ImportAsync("refs", new LookupPackage { Version = "v2" }.Write());
        await node.AdminAsync(HttpMethod.Post, "services/refs/actions/switchTo/v2");
        await node.AdminAsync(HttpMethod.Delete, "services/refs/generations/v1");
        await Eventually.TrueAsync(() => (policies.Count, policies.Any) == (1, false));
    }

    [Fact]
    public async Task Lookup_WithTwoGenerations_IsAnsweredByTheOneAskedFor()
    {
        await using var node = await new LookupPackage().StartAsync();
        await node.ImportAsync("refs", new LookupPackage { Version = "v2", Name = "Zoe" }.Write());
        await node.MapAsync("""{"entries":[{"generation":"v1","proba":0.5},{"generation":"v2","proba":0.5}]}""", "refs");
        foreach (var (generation, name) in new[] { ("v1", "Ann"), ("v2", "Zoe") })
        {
            var answer = await node.PredictAsync($$$"""{"data":{"country":"FR","number":1},"dispatch":{"forcedGeneration":"{{{generation}}}"}}""", "refs/people/lookup");
            ((string?)answer.Json!["results"]![0]!["data"]!["name"]).ShouldBe(name);
        }

        var names = new HashSet<string?>();
        for (var call = 0; call < 10; call++)
        {
            var answer = await node.PredictAsync("""{"data":{"country":"FR","number":1},"dispatch":{"dispatchKey":"user-9"}}""", "refs/people/lookup");
            names.Add((string?)answer.Json!["results"]![0]!["data"]!["name"]);
        }

        names.Count.ShouldBe(1, "the same key goes to the same generation");
        await node.PredictAsync("""{"data":{"country":"FR","number":1}}""", "refs/people/lookup");
        (await LinesAsync(node, 13)).Select(line => (string?)line["variant"]).ShouldBe(["forced", "forced", .. Enumerable.Repeat("sticky", 10), "random"]);
        var unknown = await node.PredictAsync("""{"data":{"country":"FR","number":1},"dispatch":{"forcedGeneration":"v9"}}""", "refs/people/lookup");
        unknown.Status.ShouldBe(HttpStatusCode.NotFound);
        ((string?)unknown.Json!["errorType"]).ShouldBe("GenerationNotFound");
    }

    [Fact]
    public async Task Calls_OfAnotherKind_AreNotThere()
    {
        await using var node = await new LookupPackage { Others = [Score()] }.StartAsync();
        (await node.PredictAsync($$$"""{"features":{{{TestPackage.GoodFeatures}}}}""", "refs/score/predict")).ShouldSucceed();
        (await node.PredictAsync("""{"data":{"country":"FR","number":1}}""", "refs/people/lookup")).ShouldSucceed();
        var predict = await node.PredictAsync("{}", "refs/people/predict");
        predict.Status.ShouldBe(HttpStatusCode.NotFound);
        predict.Text.ShouldContain("It has: lookup, lookup-multi.");
        var lookup = await node.PredictAsync("{}", "refs/score/lookup");
        lookup.Status.ShouldBe(HttpStatusCode.NotFound);
        lookup.Text.ShouldContain("It has: predict, predict-multi, predict-simple.");
        (await node.SendAsync(HttpMethod.Get, "public/api/v1/refs/people/lookup")).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await node.GetAsync("v2/models/refs.people")).Status.ShouldBe(HttpStatusCode.NotFound, "a lookup is no model");
        (await node.GetAsync("v2/models/refs.score")).ShouldSucceed();
    }

    [Fact]
    public async Task Lookup_OfAServiceWithKeys_NeedsOne()
    {
        await using var node = await new LookupPackage { Authorization = TestPackage.ByKey() }.StartAsync();
        const string body = """{"data":{"country":"FR","number":1}}""";
        (await node.PredictAsync(body, "refs/people/lookup")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await node.PredictAsync(body, "refs/people/lookup", TestPackage.Key)).ShouldSucceed();
    }

    [Theory]
    [InlineData("lookup", """{"data":{"country":"FR","number":1}}""", 200)]
    [InlineData("lookup", """{"data":{"country":"FR","number":"1"},"context":null,"dispatch":{"dispatchKey":5}}""", 200)]
    [InlineData("lookup", """{"data":{"country":"GB","number":1}}""", 200)]
    [InlineData("lookup-multi", """{"items":[{"data":{"country":"FR","number":1}},{"data":{"country":"","number":null},"context":1}]}""", 200)]
    [InlineData("lookup", """{"data":{"country":"FR"}}""", 400)]
    [InlineData("lookup", """{"data":{"country":"FR","number":1,"x":1}}""", 400)]
    [InlineData("lookup", """{"data":{"country":"FR","number":1},"explanations":{}}""", 400)]
    [InlineData("lookup-multi", """{"items":[{"data":{"country":"FR","number":"x"}}]}""", 400)]
    public async Task Call_WithABody_IsTakenAsTheDocumentSaysAndAnswersAsItSays(string call, string body, int status)
    {
        await using var node = await new LookupPackage().StartAsync();
        var document = (await node.GetAsync("public/api/v1/refs/openapi.json")).Json!;
        var validator = new SchemaValidator(document.AsObject());
        var operation = document["paths"]![$"/people/{call}"]!["post"]!;
        var answer = await node.PredictAsync(body, $"refs/people/{call}");
        ((int)answer.Status).ShouldBe(status, answer.Text);
        validator.Validate(ContentOf(operation["responses"]![$"{status}"]!)["schema"], answer.Json).ShouldBeEmpty();
        var media = operation["requestBody"]!["content"]!["application/json"]!;
        (validator.Validate(media["schema"], JsonNode.Parse(body)).Count == 0).ShouldBe(status == 200);
        foreach (var (_, example) in media["examples"]!.AsObject())
            (await node.PredictAsync(example!["value"]!.ToJsonString(), $"refs/people/{call}")).ShouldSucceed();
    }

    [Fact]
    public async Task QueryLog_OfALookup_HasALinePerRecordAndHidesColumns()
    {
        await using var node = await new LookupPackage
        {
            Settings = new LookupSettings { LogColumns = [new LogColumnRule { Column = "name", Action = LogAction.Drop }, new LogColumnRule { Column = "country", Action = LogAction.Hash }] },
        }.StartAsync();
        (await node.PredictAsync("""{"items":[{"data":{"country":"FR","number":1},"context":{"a":1}},{"data":{"country":"FR","number":2}},{"context":null,"data":{"country":"FR","number":2}}],"context":{"b":2}}""", "refs/people/lookup-multi")).ShouldSucceed();
        var lines = await LinesAsync(node, 3);
        lines.Select(line => (string?)line["msgType"]).ShouldAllBe(type => type == "dataset-lookup-query");
        ((string?)lines[0]["service"], (string?)lines[0]["endpoint"], (string?)lines[0]["generation"], (int?)lines[0]["record"]).ShouldBe(("refs", "people", "v1", 0));
        ((string?)lines[0]["data"]!["country"]).ShouldStartWith("hash:");
        ((int?)lines[0]["data"]!["number"]).ShouldBe(1);
        lines[0]["context"]!.ToJsonString().ShouldBe("""{"a":1}""");
        lines[1]["context"]!.ToJsonString().ShouldBe("""{"b":2}""");
        lines[2]["context"].ShouldNotBeNull("null is none of its own").ToJsonString().ShouldBe("""{"b":2}""");
        lines[0]["result"]!["data"]!.AsObject().ContainsKey("name").ShouldBeFalse("a column that was found is one to hide, too");
        ((string?)lines[0]["result"]!["data"]!["country"]).ShouldStartWith("hash:");
        ((string?)lines[1]["result"]!["ignoreReason"]).ShouldBe("NO_LOOKUP_MATCH");
        lines[0].AsObject().ContainsKey("cache").ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RateLimit_OfRows_IsChargedForEachRecord(bool cached)
    {
        await using var node = await new LookupPackage { Settings = new LookupSettings { Cache = cached ? new Packages.Kinds.CacheSettings() : null } }.StartAsync();
        await node.AdminAsync(HttpMethod.Put, "services/refs/limits", """{"rules":[{"id":"rows","unit":"rows","limit":10,"period":"month"}]}""");
        const string item = """{"data":{"country":"FR","number":1}}""";
        foreach (var left in (int[])[7, 4, 1])
        {
            (await node.PredictAsync($$"""{"items":[{{item}},{{item}},{{item}}]}""", "refs/people/lookup-multi")).ShouldSucceed();
            ((int?)(await node.AdminAsync(HttpMethod.Get, "services/refs/limits"))!["rules"]![0]!["callers"]![0]!["remaining"]).ShouldBe(left);
        }
    }

    [Fact]
    public async Task Lookup_BodyWithAByteOrderMarkOrWithoutUtf8_IsReadOrRefused()
    {
        await using var node = await new LookupPackage().StartAsync();
        const string body = """{"data":{"country":"FR","number":1},"context":"é"}""";
        Task<Answer> SendAsync(byte[] bytes) => node.SendAsync(HttpMethod.Post, "public/api/v1/refs/people/lookup", new ByteArrayContent(bytes));
        (await SendAsync([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(body)])).ShouldSucceed().Text.ShouldContain(Ann);
        (await SendAsync(Encoding.Latin1.GetBytes(body))).ShouldFail(HttpStatusCode.BadRequest, "MalformedJson");
    }

    [Fact]
    public async Task Metrics_OfALookup_CountByOutcome()
    {
        await using var node = await new LookupPackage().StartAsync();
        await node.PredictAsync("""{"data":{"country":"FR","number":1}}""", "refs/people/lookup");
        await node.PredictAsync("""{"data":{"country":"FR","number":2}}""", "refs/people/lookup");
        await node.PredictAsync("""{"data":{}}""", "refs/people/lookup");
        var metrics = (await node.GetAsync("metrics")).Text;
        foreach (var outcome in new[] { "ok", "ignored", "invalid" })
            metrics.ShouldMatch($"peregrine_inference_requests_total\\{{[^}}]*endpoint=\"people\"[^}}]*generation=\"v1\"[^}}]*outcome=\"{outcome}\"[^}}]*\\}} 1");
    }

    internal static async Task<List<JsonNode>> LinesAsync(TestNode node, int count, FakeTimeProvider? clock = null)
    {
        var lines = new List<JsonNode>();
        await Eventually.TrueAsync(() =>
        {
            clock?.Advance(TimeSpan.FromMilliseconds(5));
            lines = [.. Directory.EnumerateFiles(node.Folder, "queries-*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(ReadShared).Select(line => JsonNode.Parse(line)!)];
            return lines.Count >= count;
        });
        return lines;
    }

    private static IEnumerable<string> ReadShared(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static JsonNode ContentOf(JsonNode response) => response["content"]!.AsObject().First().Value!;

    private static string ResultOf(Answer answer) => answer.Text[..answer.Text.IndexOf(",\"timing\"", StringComparison.Ordinal)];

    private static PredictionEndpointSource Score()
    {
        var model = TestModels.Binary();
        return new PredictionEndpointSource
        {
            Id = "score", Model = model, Golden = GoldenRecords.Answer(Models.CompiledModel.Compile(model), [Encoding.UTF8.GetBytes(TestPackage.GoodFeatures)]),
        };
    }
}
