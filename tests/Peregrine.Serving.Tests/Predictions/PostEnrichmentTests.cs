using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Serving.QueryLog;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Serving.Tests.OpenApi;

namespace Peregrine.Serving.Tests.Predictions;

/// <summary>Records as the model saw them, in answers and in the query log, and records that a lookup rules out.</summary>
public sealed class PostEnrichmentTests : IDisposable
{
    private const string Known = """{"card":" 042 ","amount":250,"online":true}""";
    private const string KnownPrepared = """{"card":"042","amount":100,"online":true,"limit":500,"home \"town\"":"Zürich","since":"2020-01-31","share":0.2}""";
    private const string Blank = """{"card":"044","amount":-2.5,"online":null}""";
    private const string BlankPrepared = """{"card":"044","amount":0,"online":null,"limit":null,"home \"town\"":null,"since":null,"share":null}""";
    private const string Repeated = """{"card":"043","amount":7,"online":false}""";
    private const string RepeatedPrepared = """{"card":"043","amount":7,"online":false,"limit":null,"home \"town\"":null,"since":null,"share":null}""";
    private const string Unknown = """{"card":"999","amount":7,"online":false}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-node-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Predict_WithTheOption_GivesThePreparedRecordAsItsLastMember()
    {
        await using var node = await StartAsync(new PostEnrichmentSettings { InAnswer = true });
        var answer = (await node.PredictFeaturesAsync(Known)).ShouldSucceed();
        answer.Result.ShouldEndWith($",\"ignored\":false,\"postEnrich\":{KnownPrepared}}}");
        (await node.PredictFeaturesAsync(Blank)).ShouldSucceed().Result.ShouldEndWith($"\"postEnrich\":{BlankPrepared}}}");
        answer = (await node.PredictAsync($$$"""{"features":{{{Known}}},"explanations":{"enabled":true}}""")).ShouldSucceed();
        answer.Json["result"]!["explanations"]!.AsObject().Count.ShouldBeGreaterThan(0);
        answer.Result.ShouldEndWith($"}},\"postEnrich\":{KnownPrepared}}}");
        (await node.GetAsync("public/api/v1/fraud/score/predict-simple?card=042&amount=250&online=true")).ShouldSucceed().Result.ShouldEndWith($"\"postEnrich\":{KnownPrepared}}}");
    }

    [Fact]
    public async Task PredictMulti_WithTheOption_GivesThemForItemsAndColumns()
    {
        await using var node = await StartAsync(new PostEnrichmentSettings { InAnswer = true });
        string[] prepared = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? KnownPrepared : BlankPrepared)];
        var items = string.Join(',', Enumerable.Range(0, 40).Select(i => $$"""{"features":{{(i % 2 == 0 ? Known : Blank)}} }"""));
        var answer = (await node.PredictAsync($$$"""{"items":[{{{items}}}],"explanations":{"enabled":true}}""", "fraud/score/predict-multi")).ShouldSucceed();
        answer.Json["results"]!.AsArray().Select(PreparedOf).ShouldBe(prepared.Select(Same));
        var columns = """{"columns":{"card":["042","044"],"amount":[250,-2.5],"online":[true,null]}}""";
        answer = (await node.PredictAsync(columns, "fraud/score/predict-multi")).ShouldSucceed();
        answer.Json["results"]!.AsArray().Select(PreparedOf).ShouldBe([Same(KnownPrepared), Same(BlankPrepared)]);
    }

    [Theory]
    [InlineData("application/x-ndjson", "application/x-ndjson", true)]
    [InlineData("text/csv", "application/x-ndjson", true)]
    [InlineData("application/x-ndjson", "application/json", true)]
    [InlineData("application/x-ndjson", "text/csv", false)]
    public async Task Stream_WithTheOption_GivesThemWhereTheFormHasAPlaceForThem(string sent, string wanted, bool given)
    {
        await using var node = await StartAsync(new PostEnrichmentSettings { InAnswer = true, InLog = true });
        var body = sent == "text/csv" ? "card,amount,online\n 042 ,250,true\n043,7,false\n" : $"{Known}\n{Repeated}\n";
        using var request = new HttpRequestMessage(HttpMethod.Post, "public/api/v1/fraud/score/predict-multi") { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(sent)) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(wanted));
        using var answer = await node.Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var text = await answer.Content.ReadAsStringAsync();
        (text.Contains($",\"postEnrich\":{KnownPrepared}}}", StringComparison.Ordinal), text.Contains($",\"postEnrich\":{RepeatedPrepared}}}", StringComparison.Ordinal)).ShouldBe((given, given));
        text.ShouldContain("MULTIPLE_LOOKUP_MATCHES");
        var lines = await LinesAsync(node, 2);
        lines.ShouldAllBe(line => line["result"]!["postEnrich"] == null);
        lines.Select(PreparedOf).ShouldBe([Same(KnownPrepared), Same(RepeatedPrepared)]);
        ((bool?)lines[1]["result"]!["ignored"]).ShouldBe(true);
    }

    [Fact]
    public async Task Log_WithTheOptionForAnswersAlone_HoldsNoneOfStreamsTensorsAndShadows()
    {
        var forAnswers = new PostEnrichmentSettings { InAnswer = true };
        await using var node = await StartAsync(forAnswers);
        await node.ImportAsync("fraud", new TestPackage { Model = TestModels.Lookups(), Sample = Known, Version = "v2", Settings = new PredictionSettings { PostEnrichment = forAnswers } }.Write());
        await node.MapAsync("""{"entries":[{"generation":"v1","proba":1}],"shadows":[{"generation":"v2"}]}""");
        var body = """{"inputs":[{"name":"card","shape":[1],"datatype":"BYTES","data":["042"]},{"name":"amount","shape":[1],"datatype":"FP64","data":[250]},{"name":"online","shape":[1],"datatype":"BOOL","data":[true]}]}""";
        (await node.SendAsync(HttpMethod.Post, "v2/models/fraud.score/infer", new StringContent(body, Encoding.UTF8, "application/json"))).ShouldSucceed();
        using var content = new StringContent($"{Known}\n{Blank}\n", Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        (await node.SendAsync(HttpMethod.Post, "public/api/v1/fraud/score/predict-multi", content)).Text.ShouldContain($",\"postEnrich\":{BlankPrepared}}}");
        await Eventually.TrueAsync(async () => (long?)(await node.AdminAsync(HttpMethod.Get, "services/fraud/shadows"))!["comparisons"]!.AsArray().FirstOrDefault()?["records"] == 3);
        foreach (var line in await LinesAsync(node, 6)) line.ToJsonString().ShouldNotContain("postEnrich");
    }

    /// <summary>Each generation tells what its own settings say: the one that answers in the answer, its shadow in the log.</summary>
    [Fact]
    public async Task Log_OfAShadow_HoldsTheRecordAsItsModelSawIt()
    {
        await using var node = await StartAsync(new PostEnrichmentSettings { InAnswer = true });
        await node.ImportAsync("fraud", new TestPackage { Model = TestModels.Lookups(), Sample = Known, Version = "v2", Settings = new PredictionSettings { PostEnrichment = new() { InLog = true } } }.Write());
        await node.MapAsync("""{"entries":[{"generation":"v1","proba":1}],"shadows":[{"generation":"v2"}]}""");
        (await node.PredictFeaturesAsync(Known)).ShouldSucceed().Result.ShouldEndWith($"\"postEnrich\":{KnownPrepared}}}");
        (await node.PredictAsync($$"""{"items":[{"features":{{Blank}} },{"features":{{Known}} }]}""", "fraud/score/predict-multi")).ShouldSucceed();
        JsonNode? compared = null;
        await Eventually.TrueAsync(async () => (long?)(compared = (await node.AdminAsync(HttpMethod.Get, "services/fraud/shadows"))!["comparisons"]!.AsArray().FirstOrDefault())?["records"] == 3);
        ((long?)compared!["agreed"]).ShouldBe(3);
        var lines = await LinesAsync(node, 6);
        var shadowed = lines.Where(line => (string?)line["variant"] == "shadow").ToList();
        shadowed.Select(PreparedOf).ShouldBe([Same(KnownPrepared), Same(BlankPrepared), Same(KnownPrepared)]);
        shadowed.ShouldAllBe(line => line["result"]!["postEnrich"] == null && (bool?)line["result"]!["ignored"] == false);
        lines.Except(shadowed).ShouldAllBe(line => line["postEnrich"] == null && line["result"]!["postEnrich"] == null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Log_WithTheOption_HoldsThePreparedRecordAndTheResultWithoutIt(bool inAnswer)
    {
        await using var node = await StartAsync(new PostEnrichmentSettings { InAnswer = inAnswer, InLog = true });
        (await node.PredictFeaturesAsync(Known)).ShouldSucceed().Result.Contains("postEnrich", StringComparison.Ordinal).ShouldBe(inAnswer);
        (await node.PredictAsync($$$"""{"features":{{{Known}}},"explanations":{"enabled":true}}""")).ShouldSucceed();
        (await node.PredictAsync($$"""{"items":[{"features":{{Known}} },{"features":{{Blank}} }]}""", "fraud/score/predict-multi")).ShouldSucceed();
        (await node.PredictAsync("""{"columns":{"card":["042","044"],"amount":[250,-2.5],"online":[true,null]}}""", "fraud/score/predict-multi")).ShouldSucceed();
        var lines = await LinesAsync(node, 6);
        lines.Select(PreparedOf).ShouldBe(new[] { KnownPrepared, KnownPrepared, KnownPrepared, BlankPrepared, KnownPrepared, BlankPrepared }.Select(Same));
        lines.ShouldAllBe(line => line["result"]!["postEnrich"] == null && (bool?)line["result"]!["ignored"] == false);
        lines[1]["result"]!["explanations"].ShouldNotBeNull();
        ((string?)lines[0]["features"]!["card"]).ShouldBe(" 042 ");
    }

    [Fact]
    public async Task Log_OfOpenInference_HoldsThePreparedRecordToo()
    {
        await using var node = await StartAsync(new PostEnrichmentSettings { InAnswer = true, InLog = true });
        var body = """
            {"inputs":[{"name":"card","shape":[2],"datatype":"BYTES","data":["042","044"]},{"name":"amount","shape":[2],"datatype":"FP64","data":[250,-2.5]},
             {"name":"online","shape":[2],"datatype":"BOOL","data":[true,true]}]}
            """;
        var answer = (await node.SendAsync(HttpMethod.Post, "v2/models/fraud.score/infer", new StringContent(body, Encoding.UTF8, "application/json"))).ShouldSucceed();
        answer.Text.ShouldNotContain("limit");
        (await LinesAsync(node, 2)).Select(PreparedOf).ShouldBe([Same(KnownPrepared), Same(BlankPrepared.Replace("\"online\":null", "\"online\":true", StringComparison.Ordinal))]);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Log_WithColumnRules_HidesTheFieldsOfPreparedRecordsToo(bool inAnswer, bool inLog)
    {
        await using var node = await StartAsync(new PostEnrichmentSettings { InAnswer = inAnswer, InLog = inLog }, settings => settings with
        {
            LogColumns =
            [
                new() { Column = "card", Action = LogAction.Hash }, new() { Column = "limit", Action = LogAction.Bucket, Edges = [0, 1000] },
                new() { Column = "home*", In = LogPart.Features, Action = LogAction.Drop },
            ],
        });
        (await node.PredictFeaturesAsync(Known)).ShouldSucceed();
        (await node.PredictAsync($$"""{"items":[{"features":{{Known}} }]}""", "fraud/score/predict-multi")).ShouldSucceed();
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("a-key-of-16-chars-or-more"u8, "042"u8))[..32];
        foreach (var line in await LinesAsync(node, 2))
        {
            var text = line.ToJsonString();
            text.ShouldNotContain("Z\\u00FCrich");
            text.ShouldNotContain("500");
            text.ShouldNotContain("\"042\"");
            if (inLog) line["postEnrich"]!.ToJsonString().ShouldBe($$"""{"card":"hash:{{hash}}","amount":100,"online":true,"limit":"0..1000","since":"2020-01-31","share":0.2}""");
            else line["postEnrich"].ShouldBeNull();
        }
    }

    [Fact]
    public async Task Endpoint_WithoutTheOption_TellsPreparedRecordsNowhere()
    {
        await using var node = await StartAsync(settings: null);
        (await node.PredictFeaturesAsync(Known)).ShouldSucceed().Text.ShouldNotContain("postEnrich");
        (await LinesAsync(node, 1))[0]["postEnrich"].ShouldBeNull();
    }

    [Fact]
    public void Package_OfAQuietEndpointWithPreparedRecordsInAnswers_IsRefused()
    {
        var package = new TestPackage { Model = TestModels.Lookups(), Sample = Known, Settings = new PredictionSettings { Quiet = true, PostEnrichment = new() { InAnswer = true } } };
        new PredictionEndpointKind().Validate(System.Text.Json.JsonSerializer.SerializeToElement(package.Settings, System.Text.Json.JsonSerializerOptions.Web))
            .ShouldHaveSingleItem().What.ShouldContain("quiet", Case.Insensitive);
        (package.Settings with { PostEnrichment = new() { InLog = true } }).Fault().ShouldBeNull();
    }

    [Fact]
    public async Task Answers_WithTheOption_AreAsTheDocumentSays()
    {
        await using var node = await StartAsync(new PostEnrichmentSettings { InAnswer = true });
        var document = (await node.GetAsync("public/api/v1/fraud/openapi.json")).ShouldSucceed().Json;
        var validator = new SchemaValidator(document);
        foreach (var features in new[] { Known, Blank, Repeated, Unknown })
        {
            foreach (var (call, body) in new[] { ("predict", $$"""{"features":{{features}} }"""), ("predict-multi", $$"""{"items":[{"features":{{features}} }]}""") })
            {
                var answer = (await node.PredictAsync(body, $"fraud/score/{call}")).ShouldSucceed().Json;
                var schema = document["paths"]![$"/score/{call}"]!["post"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"];
                validator.Validate(schema, answer).ShouldBeEmpty(features);
                AnswersFitDocumentTests.Undescribed(document, schema, answer).ShouldBeEmpty(features);
                var result = answer["result"] ?? answer["results"]![0]!;
                result["postEnrich"]!.AsObject().Remove("limit");
                validator.Validate(schema, answer).ShouldNotBeEmpty("a field is gone");
            }
        }

        var reasons = document["components"]!["schemas"]!["score.Result"]!["oneOf"]![1]!["properties"]!["ignoreReason"]!["enum"]!.ToJsonString();
        reasons.ShouldBe("""["IGNORED_BY_MODEL","MULTIPLE_LOOKUP_MATCHES","NO_LOOKUP_MATCH"]""");
    }

    [Fact]
    public async Task Records_ThatALookupRulesOut_AreIgnoredAndCountedByReason()
    {
        await using var node = await StartAsync(settings: null);
        (await node.PredictFeaturesAsync(Repeated)).ShouldSucceed().Result.ShouldBe("""{"ignored":true,"ignoreReason":"MULTIPLE_LOOKUP_MATCHES"}""");
        (await node.PredictFeaturesAsync(Unknown)).ShouldSucceed().Result.ShouldBe("""{"ignored":true,"ignoreReason":"NO_LOOKUP_MATCH"}""");
        (await node.PredictFeaturesAsync("""{"card":null,"amount":1,"online":true}""")).ShouldSucceed().Result.ShouldContain("\"ignored\":false");
        var many = (await node.PredictAsync($$"""{"items":[{"features":{{Repeated}} },{"features":{{Known}} },{"features":{{Unknown}} },{"features":{{Unknown}} }]}""", "fraud/score/predict-multi")).ShouldSucceed();
        many.Json["results"]!.AsArray().Select(result => (string?)result!["ignoreReason"]).ShouldBe(["MULTIPLE_LOOKUP_MATCHES", null, "NO_LOOKUP_MATCH", "NO_LOOKUP_MATCH"]);
        using var content = new StringContent($"{Repeated}\n{Known}\n", Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        (await node.SendAsync(HttpMethod.Post, "public/api/v1/fraud/score/predict-multi", content)).Text.ShouldContain("MULTIPLE_LOOKUP_MATCHES");
        var body = """{"inputs":[{"name":"card","shape":[1],"datatype":"BYTES","data":["043"]},{"name":"amount","shape":[1],"datatype":"FP64","data":[1]},{"name":"online","shape":[1],"datatype":"BOOL","data":[true]}]}""";
        (await node.SendAsync(HttpMethod.Post, "v2/models/fraud.score/infer", new StringContent(body, Encoding.UTF8, "application/json"))).ShouldSucceed().Text.ShouldContain("MULTIPLE_LOOKUP_MATCHES");

        var scrape = await node.Http.GetStringAsync("metrics");
        foreach (var reason in new[] { "MULTIPLE_LOOKUP_MATCHES", "NO_LOOKUP_MATCH" }) scrape.ShouldMatch($"peregrine_inference_rows_ignored_total{{[^\n]*generation=\"v1\",reason=\"{reason}\"");
        var counts = (await node.AdminAsync(HttpMethod.Get, "metrics"))!["endpoints"]!.AsArray().Single(one => (string?)one!["generation"] == "v1")!["ignored"]!;
        counts.ToJsonString().ShouldBe("""{"IGNORED_BY_MODEL":0,"MULTIPLE_LOOKUP_MATCHES":4,"NO_LOOKUP_MATCH":3}""");
    }

    private Task<TestNode> StartAsync(PostEnrichmentSettings? settings, Func<PredictionSettings, PredictionSettings>? change = null)
    {
        var all = new PredictionSettings { PostEnrichment = settings };
        return new ApiNodeBuilder().On(_folder)
            .WithService(package: new TestPackage { Model = TestModels.Lookups(), Sample = Known, Settings = change?.Invoke(all) ?? all })
            .WithServices(services => services.Configure<QueryLogOptions>(log => log.HashKey = "a-key-of-16-chars-or-more")).StartAsync();
    }

    private static string PreparedOf(JsonNode? holder) => holder!["postEnrich"]!.ToJsonString();

    private static string Same(string json) => JsonNode.Parse(json)!.ToJsonString();

    private static async Task<List<JsonNode>> LinesAsync(TestNode node, int count)
    {
        await node.StopAsync();
        List<JsonNode> lines = [.. Directory.GetFiles(Path.Combine(node.Folder, "logs")).Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines).Select(line => JsonNode.Parse(line)!)];
        lines.Count.ShouldBe(count);
        return lines;
    }
}
