using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Models;
using Peregrine.Models.Predictors;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Kinds.Prediction.Explanations;

namespace Peregrine.Serving.Tests.Bulk;

public sealed class StreamExplanationTests
{
    private const string Header = "amount,country,online,at\n";
    private static readonly string[] s_fields = ["amount", "country", "online", "at"];
    private static readonly TestPackage s_package = new() { Model = TestModels.ExplainableTrees() };

    [Theory]
    [InlineData("SHAPLEY", 99)]
    [InlineData("ICE", 2)]
    public async Task JsonLines_Asked_HoldTheExplanationsOfPredict(string method, int count)
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_package).StartAsync();
        var rows = Enumerable.Range(0, 50).ToList();
        var query = $"?explanations.enabled=true&explanations.method={method}&explanations.nExplanations={count}";
        var lines = await LinesAsync(node, "application/x-ndjson", "application/x-ndjson", string.Concat(rows.Select(i => Json(i) + "\n")), query);
        lines.Length.ShouldBe(51);
        lines.Count(line => line.Contains("\"explanations\":{", StringComparison.Ordinal)).ShouldBeInRange(40, 45, "every record that is not ignored");
        foreach (var i in rows) lines[i].ShouldBe(await PredictedAsync(node, i, method, count));
    }

    [Theory]
    [InlineData("SHAPLEY", 4)]
    [InlineData("ICE", 2)]
    public async Task Csv_Asked_HasAColumnAFieldWithTheBitsOfPredict(string method, int count)
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_package).StartAsync();
        var rows = Enumerable.Range(0, 30).ToList();
        var query = $"?onError=skip&explanations.enabled=True&explanations.method={method}&explanations.nExplanations={count}";
        var lines = await LinesAsync(node, "text/csv", "text/csv", Header + string.Concat(rows.Select(CsvRow)) + "oops,FR,true,\n", query);
        lines[0].ShouldBe("prediction,probaPercentile,proba_0,proba_1,explanation_amount,explanation_country,explanation_online,explanation_at,ignored,ignoreReason,error");
        lines.Length.ShouldBe(32);
        foreach (var line in lines) line.Count(letter => letter == ',').ShouldBe(10, line);
        foreach (var i in rows)
        {
            var expected = JsonNode.Parse(await PredictedAsync(node, i, method, count))!;
            var told = (expected["explanations"] as JsonObject ?? []).ToDictionary(one => one.Key, one => (double)one.Value!, StringComparer.Ordinal);
            told.Count.ShouldBe((bool)expected["ignored"]! ? 0 : count);
            var cells = lines[i + 1].Split(',')[4..8];
            for (var field = 0; field < 4; field++)
            {
                if (!told.TryGetValue(s_fields[field], out var influence)) cells[field].ShouldBeEmpty();
                else BitConverter.DoubleToInt64Bits(double.Parse(cells[field], CultureInfo.InvariantCulture)).ShouldBe(BitConverter.DoubleToInt64Bits(influence));
            }
        }
    }

    [Fact]
    public async Task Stream_NotAsked_IsNotExplained()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_package).StartAsync();
        (await LinesAsync(node, "text/csv", "text/csv", Header + CsvRow(1)))[0].ShouldBe("prediction,probaPercentile,proba_0,proba_1,ignored,ignoreReason,error");
        (await LinesAsync(node, "text/csv", "application/x-ndjson", Header + CsvRow(1)))[0].ShouldBe(s_package.Expected(Json(1)));
    }

    [Fact]
    public async Task Stream_OfAnEndpointThatExplains_IsExplainedUnlessTheCallSaysNo()
    {
        var settings = new PredictionSettings { Explanations = new ExplanationSettings { Enabled = true, NExplanations = 2 } };
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Settings = settings }).StartAsync();
        var explained = (await LinesAsync(node, "text/csv", "application/x-ndjson", Header + CsvRow(1)))[0];
        JsonNode.Parse(explained)!["explanations"]!.AsObject().Count.ShouldBe(2);
        (await LinesAsync(node, "text/csv", "application/x-ndjson", Header + CsvRow(1), "?explanations.enabled=false"))[0].ShouldNotContain("explanations");
    }

    [Fact]
    public async Task Stream_ModelWithoutMeans_IsRefusedAsInPredict()
    {
        var model = TestModels.Binary(change: spec => spec with { Predictor = (LinearPredictorSpec)spec.Predictor with { Means = null } });
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Model = model }).StartAsync();
        using var answer = await AskAsync(node, "text/csv", "text/csv", Header + CsvRow(1), "?explanations.enabled=true");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var predicted = await node.PredictAsync($$"""{"features":{{Json(1)}},"explanations":{"enabled":true} }""");
        (await answer.Content.ReadAsStringAsync()).ShouldBe(predicted.Text);
        ((string?)predicted.Json["errorType"]).ShouldBe("ExplanationsUnavailable");
    }

    [Theory]
    [InlineData("?explanations.method=LIME", "/explanations/method")]
    [InlineData("?explanations.enabled=1", "/explanations/enabled")]
    [InlineData("?explanations.nExplanations=0", "/explanations/nExplanations")]
    public async Task Stream_BadExplanations_IsRefused(string query, string pointer)
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_package).StartAsync();
        using var answer = await AskAsync(node, "application/x-ndjson", "text/csv", Json(1), query);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        ((string?)error["errorType"]).ShouldBe("BadExplanations");
        ((string?)error["errors"]![0]!["pointer"]).ShouldBe(pointer);
    }

    [Fact]
    public async Task Stream_PastItsDeadline_StopsAfterTheBlockAtHand()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_package).StartAsync();
        var body = Header + string.Concat(Enumerable.Range(0, 20_000).Select(CsvRow));
        using var answer = await AskAsync(node, "text/csv", "application/x-ndjson", body, "?timeout=1&explanations.enabled=true");
        var lines = new List<string>();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        try
        {
            while (await reader.ReadLineAsync() is { } line) lines.Add(line);
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            lines.Add("cut");
        }

        lines[^1].ShouldBe("cut", "a stream that was stopped does not end as a whole one does");
        lines[^2].ShouldStartWith("""{"end":{"state":"stopped","rows":""");
        ((string?)JsonNode.Parse(lines[^3])!["error"]!["errorType"]).ShouldBe("DeadlineExceeded");
        lines.Count.ShouldBeLessThan(20_000);
        ((lines.Count - 3) % ScoringBlock.Rows).ShouldBe(0, "whole blocks were answered");
    }

    [Fact]
    public async Task OpenApi_OfPredictMulti_DescribesStreamsAndTheirExplanations()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_package).StartAsync();
        var document = (await node.GetAsync("public/api/v1/fraud/openapi.json")).ShouldSucceed().Json;
        var post = document["paths"]!["/score/predict-multi"]!["post"]!;
        post["parameters"]!.AsArray().Select(parameter => (string?)parameter!["name"])
            .ShouldBe(["onError", "firstLine", "forcedGeneration", "dispatchKey", "explanations.enabled", "explanations.method", "explanations.nExplanations", "explanations.nMonteCarloSteps"]);
        post["requestBody"]!["content"]!.AsObject().Select(media => media.Key).ShouldBe(["application/json", "text/csv", "application/x-ndjson"]);
        post["responses"]!["200"]!["content"]!["text/csv"].ShouldNotBeNull();
    }

    private static async Task<string> PredictedAsync(TestNode node, int i, string method, int count)
    {
        var answer = await node.PredictAsync($$"""{"features":{{Json(i)}},"explanations":{"enabled":true,"method":"{{method}}","nExplanations":{{count}}} }""");
        return answer.ShouldSucceed().Result;
    }

    private static async Task<string[]> LinesAsync(TestNode node, string type, string accept, string body, string query = "")
    {
        using var answer = await AskAsync(node, type, accept, body, query);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<HttpResponseMessage> AskAsync(TestNode node, string type, string accept, string body, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{node.Address}public/api/v1/fraud/score/predict-multi{query}") { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        return await node.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static string Amount(int i) => i % 7 == 6 ? "" : (i * 1.25).ToString(CultureInfo.InvariantCulture);

    private static string CsvRow(int i) => string.Create(CultureInfo.InvariantCulture, $"{Amount(i)},{(i % 3 == 0 ? "FR" : "GB")},{(i % 5 == 0 ? "" : "true")},2026-01-31T{i % 24:00}:30:00Z\n");

    private static string Json(int i) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"amount\":{(i % 7 == 6 ? "null" : Amount(i))},\"country\":\"{(i % 3 == 0 ? "FR" : "GB")}\",\"online\":{(i % 5 == 0 ? "null" : "true")},\"at\":\"2026-01-31T{i % 24:00}:30:00Z\"}}");
}
