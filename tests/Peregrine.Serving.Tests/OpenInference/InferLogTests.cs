using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.OpenInference;

public sealed class InferLogTests
{
    [Fact]
    public async Task Infer_EachRecord_IsALineThatPredictAnswersWithTheSameBits()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var records = new InferRecords(40, 7);
        var body = records.Json();
        body["id"] = "from the body";
        (await node.InferAsync(body)).ShouldSucceed();
        (await node.InferAsync(records.Binary())).ShouldSucceed();
        (await node.InferAsync(new InferRecords(1, 9).Mixed())).ShouldSucceed();
        var lines = await LinesAsync(node, 81);
        for (var i = 0; i < 80; i++)
        {
            var line = lines[i];
            ((string?)line["protocol"]).ShouldBe("oip-rest");
            ((string?)line["generation"]).ShouldBe("v1");
            ((int?)line["record"]).ShouldBe(i % 40);
            ((string?)line["requestId"]).ShouldBe(i < 40 ? "from the body" : null);
            var features = line["features"]!.ToJsonString();
            line["result"]!.ToJsonString().ShouldBe(JsonNode.Parse(new TestPackage().Expected(records.Features(i % 40)))!.ToJsonString());
            new TestPackage().Expected(features).ShouldBe(new TestPackage().Expected(records.Features(i % 40)), features);
        }

        lines[80]["record"].ShouldBeNull();
    }

    [Fact]
    public async Task Infer_AMomentInBinaryForm_IsLoggedAsTheCallerWroteIt()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        foreach (var text in (string[])["2026-01-31T13:00:00+01:00", ""])
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var (header, data) = new InferRecords(1, 4).Binary();
            var at = header["inputs"]![0]!;
            var before = (int)at["parameters"]!["binary_data_size"]!;
            at["parameters"]!["binary_data_size"] = bytes.Length + 4;
            (await node.InferAsync((header, [.. BitConverter.GetBytes(bytes.Length), .. bytes, .. data[before..]]))).ShouldSucceed();
        }

        var lines = await LinesAsync(node, 2);
        ((string?)lines[0]["features"]!["at"]).ShouldBe("2026-01-31T13:00:00+01:00");
        lines[1]["features"]!.AsObject().ShouldContainKeyAndValue("at", null);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("-Infinity")]
    [InlineData("null")]
    public async Task Infer_OfAWordThatIsNoNumber_IsNullInTheLog(string word)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var body = new InferRecords(1, 5).Json();
        var number = body["inputs"]!.AsArray().First(tensor => (string?)tensor!["datatype"] == "FP64")!;
        number["data"] = new JsonArray("a word");
        var text = body.ToJsonString().Replace("\"a word\"", word, StringComparison.Ordinal);
        (await node.InferAsync(Encoding.UTF8.GetBytes(text), null)).ShouldSucceed();
        var features = (await LinesAsync(node, 1))[0]["features"]!.AsObject();
        features.ContainsKey((string)number["name"]!).ShouldBeTrue();
        features[(string)number["name"]!].ShouldBeNull();
    }

    [Fact]
    public async Task Infer_TheLogTellsHowTheGenerationWasPicked()
    {
        await using var node = await new ApiNodeBuilder().WithService().WithGeneration(new TestPackage { Version = "v2" }).StartAsync();
        var body = new InferRecords(1, 5).Json();
        (await node.InferAsync(body)).ShouldSucceed();
        (await node.InferAsync(body, $"{InferNode.Model}/versions/v1")).ShouldSucceed();
        await node.MapAsync("""{"entries":[{"generation":"v1","proba":0.5},{"generation":"v2","proba":0.5}],"strategy":"HASH"}""");
        (await node.InferAsync(body)).ShouldSucceed();
        body["parameters"] = new JsonObject { ["dispatchKey"] = "user-9" };
        (await node.InferAsync(body)).ShouldSucceed();
        (await LinesAsync(node, 4)).Select(line => (string?)line["variant"]).ShouldBe(["single", "forced", "random", "sticky"]);
    }

    private static async Task<IReadOnlyList<JsonNode>> LinesAsync(TestNode node, int count)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (true)
        {
            var lines = Directory.EnumerateFiles(node.Folder, "queries-*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(Read).ToList();
            if (lines.Count >= count || DateTime.UtcNow > deadline) return lines.Count == count ? lines : throw new InvalidOperationException($"{lines.Count} lines instead of {count}");
            await Task.Delay(20);
        }
    }

    private static IEnumerable<JsonNode> Read(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
    }
}
