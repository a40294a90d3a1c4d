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
