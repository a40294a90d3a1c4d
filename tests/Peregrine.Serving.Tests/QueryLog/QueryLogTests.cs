using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Serving.QueryLog;
using Peregrine.Serving.QueryLog.Columns;
using Microsoft.Extensions.DependencyInjection;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.QueryLog;

public sealed class QueryLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-node-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Log_OfAPrediction_HoldsRequestResultAndContext()
    {
        string result;
        await using (var node = await Builder().WithService(package: new TestPackage { Authorization = TestPackage.ByKey("team-a") }).StartAsync())
        {
            node.Http.DefaultRequestHeaders.Add("X-Request-Id", "req-\"17\"");
            var body = """
                { "features": { "amount" : NaN, "country": "a \" b,  c", "online": true,
                  "at": "2026-01-31" }, "context": {"n": [1, -Infinity] } }
                """;
            result = (await node.PredictAsync(body, key: TestPackage.Key)).ShouldSucceed().Result;
        }

        var line = Lines().ShouldHaveSingleItem();
        line.ShouldContain("\"features\":{\"amount\":null,\"country\":\"a \\\" b,  c\",\"online\":true,\"at\":\"2026-01-31\"},\"context\":{\"n\":[1,null]}");
        line.ShouldContain($"\"result\":{result}");
        var json = JsonNode.Parse(line)!;
        ((string?)json["msgType"]).ShouldBe("prediction-query");
        ((string?)json["service"]).ShouldBe("fraud");
        ((string?)json["endpoint"]).ShouldBe("score");
        ((string?)json["generation"]).ShouldBe("v1");
        ((string?)json["keyId"]).ShouldBe("team-a");
        ((string?)json["requestId"]).ShouldBe("req-\"17\"");
        DateTimeOffset.Parse((string)json["timestamp"]!, CultureInfo.InvariantCulture).ShouldBeGreaterThan(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        ((double?)json["timing"]!["total"]).ShouldNotBeNull();
        line.ShouldNotContain(TestPackage.Key);
    }

    /// <summary>As of a request and of a line of a stream: null is none.</summary>
    [Fact]
    public async Task Log_OfItems_HoldsTheContextOfTheItemOrElseOfTheRequest()
    {
        await using (var node = await Builder().WithService().WithGeneration(new TestPackage { Version = "v2" }).StartAsync())
        {
            await node.MapAsync("""{"entries":[{"generation":"v1","proba":1}],"shadows":[{"generation":"v2"}]}""");
            string Items(string context) => $$$"""{"context":{{{context}}},"items":[{"features":{{{TestPackage.GoodFeatures}}},"context":{"a":1}},{"context":null,"features":{{{TestPackage.GoodFeatures}}}},{"features":{{{TestPackage.GoodFeatures}}}}]}""";
            foreach (var context in (string[])["""{"b":2}""", "null"]) (await node.PredictAsync(Items(context), "fraud/score/predict-multi")).ShouldSucceed();
            await Eventually.TrueAsync(async () => (long?)(await node.AdminAsync(HttpMethod.Get, "services/fraud/shadows"))!["comparisons"]!.AsArray().FirstOrDefault()?["records"] == 6);
        }

        var lines = Lines().Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        foreach (var isShadow in (bool[])[false, true])
            lines.Where(line => ((string?)line["variant"] == "shadow") == isShadow).Select(line => line.TryGetPropertyValue("context", out var context) ? context?.ToJsonString() ?? "null" : "none")
                .ShouldBe(["""{"a":1}""", """{"b":2}""", """{"b":2}""", """{"a":1}""", "none", "none"]);
    }

    [Fact]
    public async Task Log_OfAPrediction_HoldsIdDigestVariantAndTrace()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        var package = new TestPackage();
        string digest;
        await using (var node = await Builder().WithService(package: package).WithGeneration(new TestPackage { Version = "v2" }).StartAsync())
        {
            node.Http.DefaultRequestHeaders.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
            await node.PredictFeaturesAsync(TestPackage.GoodFeatures);
            await node.PredictAsync($$"""{"features":{{TestPackage.GoodFeatures}},"dispatch":{"forcedGeneration":"v1"} }""");
            await node.MapAsync("""{"strategy":"HASH","entries":[{"generation":"v1","proba":0.5},{"generation":"v2","proba":0.5}]}""");
            await node.PredictAsync($$"""{"features":{{TestPackage.GoodFeatures}},"dispatch":{"dispatchKey":"k"} }""");
            await node.PredictFeaturesAsync(TestPackage.GoodFeatures);
            using var archive = new System.IO.Compression.ZipArchive(new MemoryStream(package.Write()));
            using var model = archive.GetEntry("endpoints/score/model.pgm")!.Open();
            digest = Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(model));
        }

        var lines = Lines().Select(line => JsonNode.Parse(line)!).ToList();
        lines.Select(line => (string?)line["variant"]).ShouldBe(["single", "forced", "sticky", "random"]);
        lines.ShouldAllBe(line => (string?)line["traceId"] == Trace);
        lines.Select(line => (string?)line["id"]).Distinct().Count().ShouldBe(4);
        ((string?)lines[0]["modelDigest"]).ShouldBe(digest);
    }

    [Fact]
    public async Task Log_WithColumnRules_NeverHoldsWhatTheyHide()
    {
        var settings = new PredictionSettings { LogColumns = [new() { Column = "country", Action = LogAction.Hash }, new() { Column = "amount", Action = LogAction.Bucket, Edges = [10, 50] }] };
        await using (var node = await Builder().WithService(package: new TestPackage { Settings = settings })
            .WithServices(services => services.Configure<QueryLogOptions>(log =>
            {
                log.HashKey = "a-key-of-16-chars-or-more";
                log.Columns.Add(new NodeColumnRule { Column = "user*", In = LogPart.Context });
            })).StartAsync())
            (await node.PredictAsync("""{"features":{"amount":12.5,"country":"FR","online":true,"at":null},"context":{"user_name":"Ada","channel":"web"}}""")).ShouldSucceed();
        var line = Lines().ShouldHaveSingleItem();
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("a-key-of-16-chars-or-more"u8, "FR"u8))[..32];
        line.ShouldContain("\"features\":{\"amount\":\"10..50\",\"country\":\"hash:" + hash + "\",\"online\":true,\"at\":null},\"context\":{\"channel\":\"web\"}");
        line.ShouldNotContain("Ada");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ColumnRules_OfADeletedGeneration_HoldForItsLastLinesAndThenGo(bool logged)
    {
        var settings = new PredictionSettings { LogColumns = [new() { Column = "country", Action = LogAction.Drop }] };
        await using (var node = await Builder().WithService(package: new TestPackage { Settings = settings }).WithGeneration(new TestPackage { Version = "v2" })
            .With(options => (options.QueryLogEnabled, options.QueryLogFlushInterval) = (logged, TimeSpan.FromSeconds(2))).StartAsync())
        {
            var policies = node.Services.GetRequiredService<ColumnPolicies>();
            policies.Any.ShouldBeTrue();
            (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
            await node.SwitchAsync("v2");
            await node.AdminAsync(HttpMethod.Delete, "services/fraud/generations/v1");
            await Eventually.TrueAsync(() => (policies.Count, policies.Any) == (1, false));
        }

        if (logged) Lines().ShouldHaveSingleItem().ShouldNotContain("country");
    }

    [Fact]
    public async Task Log_OnACleanStop_HasLostNothing()
    {
        const int Requests = 500;
        await using (var node = await Builder().WithService().With(options => options.QueryLogFlushInterval = TimeSpan.FromSeconds(10)).StartAsync())
        {
            for (var i = 0; i < Requests; i++) (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
            (await node.PredictAsync($$"""{"items":[{"features":{{TestPackage.GoodFeatures}} },{"features":{{TestPackage.GoodFeatures}} }],"context":{"batch":1} }""", "fraud/score/predict-multi")).ShouldSucceed();
        }

        var lines = Lines();
        lines.Count.ShouldBe(Requests + 2);
        ((int?)JsonNode.Parse(lines[^1])!["record"]).ShouldBe(1);
        ((int?)JsonNode.Parse(lines[^1])!["context"]!["batch"]).ShouldBe(1);
    }

    [Fact]
    public async Task Log_WithAFullBuffer_DropsAndCountsButAnswers()
    {
        await using var node = await Builder().WithService().With(options =>
        {
            options.QueryLogBufferBytes = 64 * 1024;
            options.QueryLogFlushInterval = TimeSpan.FromSeconds(10);
        }).StartAsync();
        for (var i = 0; i < 400; i++) (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        var log = (await node.AdminAsync(HttpMethod.Get, "metrics"))!["queryLog"]!;
        ((long?)log["dropped"]!["bufferFull"]).ShouldNotBeNull().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Log_ThatCannotBeWritten_CountsAndTheNodeAnswers()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "logs"), "a file where the folder should be");
        await using var node = await Builder().WithService().StartAsync();
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((long?)(await node.AdminAsync(HttpMethod.Get, "metrics"))!["queryLog"]!["dropped"]!["disk"] is null or 0) await Task.Delay(10, deadline.Token);
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
    }

    [Fact]
    public async Task Log_SwitchedOff_WritesNothing()
    {
        await using (var node = await Builder().WithService().With(options => options.QueryLogEnabled = false).StartAsync())
            (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        Directory.Exists(Path.Combine(_folder, "logs")).ShouldBeFalse();
    }

    private ApiNodeBuilder Builder() => new ApiNodeBuilder().On(_folder);

    private List<string> Lines() =>
        [.. Directory.GetFiles(Path.Combine(_folder, "logs")).Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines)];
}
