using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Shadows;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Tests.Shadows;

public sealed class ShadowTests
{
    private const string Mapping = """{"entries":[{"generation":"v1","proba":1}],"shadows":[{"generation":"v2"}]}""";
    private static readonly TestPackage s_first = new();
    private static readonly TestPackage s_second = new() { Version = "v2", Model = TestModels.Binary(bias: 2) };

    [Fact]
    public async Task Shadow_GetsCopies_AndIsComparedWithTheAnswers()
    {
        await using var node = await StartAsync(s_second, Mapping);
        for (var i = 0; i < 20; i++) (await node.PredictFeaturesAsync(Features(i))).ShouldSucceed().Generation.ShouldBe("v1");

        var found = await ComparedAsync(node, 20);

        var distances = Enumerable.Range(0, 20).Select(i => Math.Abs(Positive(s_first, i) - Positive(s_second, i))).ToList();
        var flips = Enumerable.Range(0, 20).Count(i => (Positive(s_first, i) >= 0.5) != (Positive(s_second, i) >= 0.5));
        flips.ShouldBeInRange(1, 19);
        ((long?)found["flips"]).ShouldBe(flips);
        ((double?)found["agreement"]).ShouldBe((20 - flips) / 20.0);
        ((double)found["scoreDistance"]!["mean"]!).ShouldBe(distances.Average(), 1e-12);
        ((double)found["scoreDistance"]!["max"]!).ShouldBe(distances.Max(), 1e-12);
        found["flipPairs"]![0]!.ToJsonString().ShouldBe($$"""{"from":"0","to":"1","count":{{flips}}}""");
        ((long?)found["latencyMs"]!["shadow"]!["count"]).ShouldBe(20);
        found["latencyMs"]!["shadow"]!["buckets"].ShouldBeNull();
        var counted = (await node.AdminAsync(HttpMethod.Get, "services/fraud/shadows?counts=true"))!["comparisons"]![0]!["latencyMs"]!["shadow"]!;
        var buckets = counted["buckets"]!.AsArray();
        buckets.Sum(bucket => (long)bucket![1]!).ShouldBe(20);
        (buckets.Max(bucket => (long)bucket![0]!) / 1000.0).ShouldBe((double)counted["p99"]!); // of 20, the 99th hundredth is the last
        await node.AdminAsync(HttpMethod.Delete, "services/fraud/shadows");
        (await node.AdminAsync(HttpMethod.Get, "services/fraud/shadows"))!["comparisons"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Shadow_OfManyAndOfSimple_ComparesEachRecord()
    {
        await using var node = await StartAsync(s_second, Mapping);
        var items = string.Join(',', Enumerable.Range(0, 5).Select(i => $$"""{"context":{"n":{{i}}},"features":{{Features(i)}}}"""));
        (await node.PredictAsync($$"""{"items":[{{items}}]}""", "fraud/score/predict-multi")).ShouldSucceed();
        (await node.GetAsync("public/api/v1/fraud/score/predict-simple?amount=1&country=FR&online=true&at=2026-01-31T12:00:00Z")).ShouldSucceed();
        ((long?)(await ComparedAsync(node, 6))["failed"]).ShouldBe(0);
    }

    [Fact]
    public async Task Shadow_InTheQueryLog_IsAVariantOfItsOwn()
    {
        await using var node = await StartAsync(s_second, Mapping);
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        await ComparedAsync(node, 1);
        var lines = Array.Empty<JsonNode>();
        await Eventually.TrueAsync(() =>
        {
            lines = [.. Directory.GetFiles(Path.Combine(node.Folder, "logs")).SelectMany(ReadLines).Select(line => JsonNode.Parse(line)!)];
            return lines.Length == 2;
        });
        var shadow = lines.Single(line => (string?)line["variant"] == "shadow");
        ((string?)shadow["generation"]).ShouldBe("v2");
        shadow["result"]!.ToJsonString().ShouldBe(JsonNode.Parse(s_second.Expected(TestPackage.GoodFeatures))!.ToJsonString());
        ((string?)lines.Single(line => (string?)line["variant"] != "shadow")["generation"]).ShouldBe("v1");
    }

    [Fact]
    public async Task Shadow_ThatCannotTakeTheRecord_FailsNobody()
    {
        await using var node = await StartAsync(new TestPackage { Version = "v2", Model = TestModels.OtherSchema(), Sample = """{"area":1}""" }, Mapping);
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed().Generation.ShouldBe("v1");
        await Eventually.TrueAsync(async () => (long?)(await FirstAsync(node))?["failed"] == 1);
        ((string?)(await FirstAsync(node))!["lastFailure"]).ShouldNotBeNull().ShouldContain("amount");
    }

    [Fact]
    public async Task Shadow_WhoseEndpointIsAnother_FailsNobody()
    {
        await using var node = await StartAsync(new TestPackage { Version = "v2", Endpoint = "else" }, Mapping);
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        await Eventually.TrueAsync(async () => (long?)(await FirstAsync(node))?["failed"] == 1);
    }

    [Fact]
    public async Task Queue_WhenFull_DropsAndCounts()
    {
        using var queue = new ShadowQueue(Microsoft.Extensions.Options.Options.Create(new ShadowOptions { QueueLength = 3, QueueBytes = 100 }));
        await using var node = await StartAsync(s_second, Mapping);
        var service = node.Services.GetRequiredService<NodeState>().Current.Services["fraud"];
        var primary = service.Targets[0].Endpoints["score"];
        var caller = new Caller(CallerKey.Anyone, null, 0);
        for (var i = 0; i < 5; i++) queue.Offer(service, primary, many: false, rows: 1, new byte[10], new byte[10], caller);
        (queue.Waiting, queue.WaitingBytes, queue.DroppedFull).ShouldBe((3, 60L, 2L));
        queue.TryTake(out var first).ShouldBeTrue();
        first.Release();
        queue.Offer(service, primary, many: false, rows: 1, new byte[50], new byte[20], caller);
        (queue.Waiting, queue.WaitingBytes, queue.DroppedFull).ShouldBe((2, 40L, 3L));
    }

    [Fact]
    public async Task Share_OfAShadow_HoldsWithinStatisticalError()
    {
        using var queue = new ShadowQueue(Microsoft.Extensions.Options.Options.Create(new ShadowOptions { QueueLength = 1_000_000 }));
        await using var node = await StartAsync(s_second, """{"entries":[{"generation":"v1","proba":1}],"shadows":[{"generation":"v2","share":0.2}]}""");
        var service = node.Services.GetRequiredService<NodeState>().Current.Services["fraud"];
        const int Requests = 20_000;
        var caller = new Caller(CallerKey.Anyone, null, 0);
        for (var i = 0; i < Requests; i++) queue.Offer(service, service.Targets[0].Endpoints["score"], many: false, rows: 1, [], [], caller);
        Math.Abs(queue.Waiting - Requests * 0.2).ShouldBeLessThan(5 * Math.Sqrt(Requests * 0.2 * 0.8));
    }

    [Fact]
    public async Task Shadow_SurvivesARestart_AndItsGenerationCannotBeDeleted()
    {
        var folder = Directory.CreateTempSubdirectory("peregrine-node-").FullName;
        await using (var before = await new ApiNodeBuilder().On(folder).WithService(package: s_first).WithGeneration(s_second).StartAsync())
        {
            await before.MapAsync(Mapping);
            (await before.TryAdminAsync(HttpMethod.Delete, "services/fraud/generations/v2")).ShouldFail(HttpStatusCode.Conflict, "GenerationInUse");
        }

        await using (var node = await new ApiNodeBuilder().On(folder).StartAsync())
        {
            (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed().Generation.ShouldBe("v1");
            await ComparedAsync(node, 1);
            await node.SwitchAsync("v1");
            ((string?)(await node.GenerationAsync("v2"))["state"]).ShouldBe("AVAILABLE");
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("""[{"generation":"v2","share":0}]""", "above 0")]
    [InlineData("""[{"generation":"v2","share":2}]""", "above 0")]
    [InlineData("""[{"generation":"v2"},{"generation":"v2"}]""", "twice")]
    [InlineData("""[{"generation":""}]""", "Name a generation")]
    [InlineData("[null]", "Name a generation")]
    public async Task Mapping_WithUnsoundShadows_IsRefused(string shadows, string words)
    {
        await using var node = await StartAsync(s_second, Mapping);
        var answer = await node.TryAdminAsync(HttpMethod.Post, "services/fraud/actions/setMapping", $$"""{"entries":[{"generation":"v1","proba":1}],"shadows":{{shadows}}}""");
        answer.ShouldFail(HttpStatusCode.BadRequest, "BadMapping").Detail.ShouldContain(words);
    }

    private static async Task<TestNode> StartAsync(TestPackage shadow, string mapping)
    {
        var node = await new ApiNodeBuilder().WithService(package: s_first).WithGeneration(shadow).StartAsync();
        await node.MapAsync(mapping);
        return node;
    }

    private static string Features(int i) => $$"""{"amount":{{(i - 10) * 1.5}},"country":"GB","online":false,"at":"2026-01-31T00:00:00Z"}""";

    private static double Positive(TestPackage package, int i) => (double)JsonNode.Parse(package.Expected(Features(i)))!["probas"]!["1"]!;

    private static async Task<JsonNode?> FirstAsync(TestNode node) => (await node.AdminAsync(HttpMethod.Get, "services/fraud/shadows"))!["comparisons"]!.AsArray().FirstOrDefault();

    private static async Task<JsonNode> ComparedAsync(TestNode node, int records)
    {
        await Eventually.TrueAsync(async () => (long?)(await FirstAsync(node))?["records"] == records);
        return (await FirstAsync(node))!;
    }

    private static IEnumerable<string> ReadLines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
