using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Serving.Bulk;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Tests.Bulk;

public sealed class StreamTests
{
    private const string Path = "fraud/score/predict-multi";
    private const string Header = "amount,country,online,at\n";

    [Theory]
    [InlineData("text/csv", "application/x-ndjson")]
    [InlineData("application/x-ndjson", "application/x-ndjson")]
    [InlineData("application/jsonl", "application/json")]
    [InlineData("text/csv", "application/json")]
    public async Task Stream_AnyForm_GivesTheResultsOfPredictInOrder(string input, string output)
    {
        await using var node = await StartAsync();
        var rows = Enumerable.Range(0, 500).ToList();
        var answer = await AskAsync(node, input, output, input == "text/csv" ? Csv(rows) : JsonLines(rows));
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(output);
        var text = await answer.Content.ReadAsStringAsync();
        var package = Package();
        var expected = rows.Select(i => package.Expected(Json(i))).ToList();
        if (output == "application/json")
        {
            text.ShouldStartWith($$"""{"results":[{{string.Join(',', expected)}}],"end":{"state":"complete","rows":500,"ignored":""");
            ((string?)JsonNode.Parse(text)!["apiContext"]!["serviceGeneration"]).ShouldBe("v1");
            return;
        }

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[..^1].ShouldBe(expected);
        lines[^1].ShouldStartWith("""{"end":{"state":"complete","rows":500""");
    }

    [Fact]
    public async Task Stream_CsvToCsv_WritesOneLineARecordWithTheBitsOfPredict()
    {
        await using var node = await StartAsync();
        var rows = Enumerable.Range(0, 50).ToList();
        var text = await (await AskAsync(node, "text/csv", null, Csv(rows))).Content.ReadAsStringAsync();
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("prediction,probaPercentile,proba_0,proba_1,ignored,ignoreReason,error");
        lines.Length.ShouldBe(51);
        foreach (var i in rows)
        {
            var expected = JsonNode.Parse(Package().Expected(Json(i)))!;
            var cells = lines[i + 1].Split(',');
            if ((bool)expected["ignored"]!)
            {
                lines[i + 1].ShouldBe(",,,,true,IGNORED_BY_MODEL,");
                continue;
            }

            cells[0].ShouldBe((string?)expected["prediction"]);
            BitConverter.DoubleToInt64Bits(double.Parse(cells[3], CultureInfo.InvariantCulture)).ShouldBe(BitConverter.DoubleToInt64Bits((double)expected["probas"]!["1"]!));
        }
    }

    [Fact]
    public async Task Stream_WrappedLines_TakeFeaturesAndLogTheirContext()
    {
        await using var node = await StartAsync();
        var body = $$$"""{"features":{{{Json(1)}}},"context":{"order":7}}""" + "\n\n" + Json(2) + "\n" + $$$"""{"context":null,"features":{{{Json(3)}}}}""";
        var lines = (await (await AskAsync(node, "application/x-ndjson", null, body)).Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[..3].ShouldBe([Package().Expected(Json(1)), Package().Expected(Json(2)), Package().Expected(Json(3))]);
        var logged = await LogAsync(node, 3);
        logged[0]["context"]!["order"]!.GetValue<int>().ShouldBe(7);
        logged[1]["features"]!.ToJsonString().ShouldBe(JsonNode.Parse(Json(2))!.ToJsonString());
    }

    [Fact]
    public async Task Stream_Csv_LogsTheRecordAsJsonThatScoresToTheSame()
    {
        await using var node = await StartAsync();
        await AskAsync(node, "text/csv", null, "at,amount,id,country,online\n\"2026-01-31 10:00\",12.50,9,\"F\"\"R\",true\n,7,,,0\n");
        var logged = await LogAsync(node, 2);
        logged[0]["features"]!.ToJsonString().ShouldBe("""{"at":"2026-01-31 10:00","amount":12.50,"country":"F\u0022R","online":true}""");
        logged[1]["features"]!.ToJsonString().ShouldBe("""{"at":null,"amount":7,"country":null,"online":"0"}""");
        foreach (var line in logged) Package().Expected(line["features"]!.ToJsonString()).ShouldBe(line["result"]!.ToJsonString());
    }

    [Theory]
    [InlineData("text/csv", "amount,country,online,at\n1,FR,true,\nx,FR,true,\n3,FR,true,\n", 3, "WrongType", "/amount")]
    [InlineData("text/csv", "amount,country,online,at\n1,FR,true,\n1,FR\n3,FR,true,\n", 3, "WrongCellCount", null)]
    [InlineData("application/x-ndjson", "{\"amount\":1,\"country\":null,\"online\":0,\"at\":null}\n{\"amount\":1}\n{\"amount\":3,\"country\":null,\"online\":0,\"at\":null}\n", 2, "MissingField", "/country")]
    [InlineData("application/x-ndjson", "{\"amount\":1,\"country\":null,\"online\":0,\"at\":null}\n{\"amount\":\n{\"amount\":3,\"country\":null,\"online\":0,\"at\":null}\n", 2, "MalformedJson", null)]
    public async Task Stream_BadRecordSkipped_GetsAnErrorInItsPlaceWithItsLine(string type, string body, long line, string code, string? pointer)
    {
        await using var node = await StartAsync();
        var text = await (await AskAsync(node, type, "application/x-ndjson", body, "?onError=skip")).Content.ReadAsStringAsync();
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(one => JsonNode.Parse(one)!).ToList();
        lines.Count.ShouldBe(4);
        ((long)lines[1]["error"]!["line"]!).ShouldBe(line);
        ((string?)lines[1]["error"]!["errorType"]).ShouldBe(code);
        ((string?)lines[1]["error"]!["pointer"]).ShouldBe(pointer);
        lines[3]["end"]!.ToJsonString().ShouldBe("""{"state":"complete","rows":2,"ignored":0,"errors":1}""");
    }

    [Fact]
    public async Task Stream_PartOfAFile_CountsLinesFromTheOneGiven()
    {
        await using var node = await StartAsync();
        var text = await (await AskAsync(node, "text/csv", null, Header + "1,FR,true,\nx,FR,true,\n", "?onError=skip&firstLine=5001")).Content.ReadAsStringAsync();
        text.ShouldContain("line 5002: WrongType");
    }

    [Fact]
    public async Task Stream_FirstRecordBad_IsAnErrorDocument()
    {
        await using var node = await StartAsync();
        var answer = await AskAsync(node, "text/csv", null, Header + "x,FR,true,\n");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Line 2");
    }

    [Theory]
    [InlineData("amount,country,online,when\n", "UnknownField")]
    [InlineData("amount,country,online\n", "MissingField")]
    [InlineData("amount,country,online,at,at\n", "DuplicateField")]
    [InlineData("", "MalformedCsv")]
    public async Task Stream_BadHeader_IsAnErrorDocument(string header, string code)
    {
        await using var node = await StartAsync();
        var answer = await AskAsync(node, "text/csv", null, header);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ((string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errorType"]).ShouldBe(code);
    }

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("text/csv")]
    public async Task Stream_StoppedLater_TellsTheLineAndIsCutOff(string output)
    {
        await using var node = await StartAsync();
        using var duplex = await Duplex.OpenAsync(node, "text/csv", output);
        await duplex.SendAsync(Csv([.. Enumerable.Range(0, 40)]));
        await duplex.ReadUntilAsync(text => text.Count(letter => letter == '\n') >= 32);
        await duplex.SendAsync("oops,FR,true,\n");
        var text = await duplex.ReadToEndAsync();
        text.ShouldContain("WrongType");
        text.ShouldContain("42");
        text.ShouldNotEndWith("0\r\n\r\n");
        if (output != "text/csv") text.ShouldContain("\"state\":\"stopped\",\"rows\":40");
    }

    [Fact]
    public async Task Stream_StillBeingSent_AnswersTheFirstRowsAtOnce()
    {
        await using var node = await StartAsync();
        using var duplex = await Duplex.OpenAsync(node, "application/x-ndjson", "application/x-ndjson");
        await duplex.SendAsync(Json(1) + "\n" + Json(2)[..20]);
        await duplex.ReadUntilAsync(text => text.Contains(Package().Expected(Json(1)), StringComparison.Ordinal));
        await duplex.SendAsync(Json(2)[20..] + "\n");
        await duplex.ReadUntilAsync(text => text.Contains(Package().Expected(Json(2)), StringComparison.Ordinal));
        await duplex.EndAsync();
        (await duplex.ReadToEndAsync()).ShouldContain("\"state\":\"complete\",\"rows\":2");
    }

    [Fact]
    public async Task Stream_CallerGone_ReleasesItsGeneration()
    {
        await using var node = await StartAsync();
        using (var duplex = await Duplex.OpenAsync(node, "text/csv", "text/csv"))
        {
            await duplex.SendAsync(Csv([.. Enumerable.Range(0, 20)]));
            await duplex.ReadUntilAsync(text => text.Count(letter => letter == '\n') > 16);
            UsersOf(node).ShouldBe(2);
        }

        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (UsersOf(node) != 1 && DateTime.UtcNow < deadline) await Task.Delay(20);
        UsersOf(node).ShouldBe(1);
    }

    [Fact]
    public async Task Stream_TooManyRowsOrTooLongARecord_StopsWithAnError()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: Package())
            .WithServices(services => services.Configure<BulkOptions>(bulk => (bulk.MaxRows, bulk.MaxRecordBytes) = (3, 4096))).StartAsync();
        using var rows = await Duplex.OpenAsync(node, "text/csv", "application/x-ndjson");
        await rows.SendAsync(Csv([0, 1, 2, 3, 4]));
        (await rows.ReadToEndAsync()).ShouldContain("TooManyRows");
        using var record = await Duplex.OpenAsync(node, "text/csv", "application/x-ndjson");
        await record.SendAsync(Header + "1,\"" + new string('x', 200_000));
        (await record.ReadToEndAsync()).ShouldContain("RecordTooLong");
    }

    [Theory]
    [InlineData("?onError=maybe", "text/csv", null, HttpStatusCode.BadRequest)]
    [InlineData("?forcedGeneration=v9", "text/csv", null, HttpStatusCode.NotFound)]
    [InlineData("", "application/json", "text/csv", HttpStatusCode.NotAcceptable)]
    public async Task Stream_BadOptions_AreRefused(string query, string type, string? accept, HttpStatusCode status)
    {
        await using var node = await StartAsync();
        (await AskAsync(node, type, accept, Csv([1]), query)).StatusCode.ShouldBe(status);
    }

    private static TestPackage Package() => new() { Model = TestModels.Trees() };

    private static Task<TestNode> StartAsync(bool logged = true) =>
        new ApiNodeBuilder().WithService(package: Package()).With(options => options.QueryLogEnabled = logged).StartAsync();

    private static async Task<HttpResponseMessage> AskAsync(TestNode node, string type, string? accept, string body, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{node.Address}public/api/v1/{Path}{query}") { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (accept is not null) request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        return await node.Http.SendAsync(request);
    }

    private static int UsersOf(TestNode node) => node.Services.GetRequiredService<NodeState>().Current.Services["fraud"].Targets[0].Users;

    private static string Csv(IEnumerable<int> rows) => Header + string.Concat(rows.Select(CsvRow));

    private static string CsvRow(int i) =>
        string.Create(CultureInfo.InvariantCulture, $"{(i % 7 == 6 ? "" : $"{i * 1.25}")},{(i % 3 == 0 ? "FR" : "\"GB\"")},{(i % 5 == 0 ? "" : "true")},2026-01-31T{i % 24:00}:30:00Z\n");

    private static string JsonLines(IEnumerable<int> rows) => string.Concat(rows.Select(i => Json(i) + "\n"));

    private static string Json(int i) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"amount\":{(i % 7 == 6 ? "null" : $"{i * 1.25}")},\"country\":\"{(i % 3 == 0 ? "FR" : "GB")}\",\"online\":{(i % 5 == 0 ? "null" : "true")},\"at\":\"2026-01-31T{i % 24:00}:30:00Z\"}}");

    private static async Task<List<JsonNode>> LogAsync(TestNode node, int lines)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (DateTime.UtcNow < deadline)
        {
            var files = Directory.Exists($"{node.Folder}/logs") ? Directory.GetFiles($"{node.Folder}/logs", "*.jsonl") : [];
            var all = files.SelectMany(ReadShared).ToList();
            if (all.Count >= lines) return [.. all.Select(line => JsonNode.Parse(line)!)];
            await Task.Delay(10);
        }

        throw new TimeoutException("The log lines did not come.");
    }

    private static string[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new StreamReader(stream).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
