using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.OpenApi;

/// <summary>Real answers against the document that the node serves of itself.</summary>
public sealed class AnswersFitDocumentTests
{
    [Theory]
    [InlineData("predict", """{"features":{"amount":12.5,"country":"FR","online":true,"at":"2026-01-31T12:00:00Z"}}""", 200)]
    [InlineData("predict", """{"features":{"amount":"1e3","country":7,"online":"TRUE","at":1769860800},"context":{"a":1},"explanations":{"enabled":null},"dispatch":{"dispatchKey":5}}""", 200)]
    [InlineData("predict", """{"features":{"amount":null,"country":"","online":0,"at":null,"id":[1]},"explanations":null,"dispatch":null}""", 200)]
    [InlineData("predict", """{"features":{"amount":true,"country":"FR","online":null,"at":"2026-01-31"}}""", 200)]
    [InlineData("predict-multi", """{"items":[{"features":{"amount":1,"country":"FR","online":true,"at":null}},{"features":{"amount":2,"country":"GB","online":1,"at":null},"context":null}]}""", 200)]
    [InlineData("predict-multi", """{"items":[]}""", 200)]
    [InlineData("predict", """{"features":{"amount":"much","country":"FR","online":true,"at":null}}""", 400)]
    [InlineData("predict", """{"features":{"amount":1,"country":"FR","online":2,"at":null}}""", 400)]
    [InlineData("predict", """{"features":{"amount":1,"country":"FR","online":true,"at":true}}""", 400)]
    [InlineData("predict", """{"features":{"amount":1,"country":["FR"],"online":true,"at":null}}""", 400)]
    [InlineData("predict", """{"features":{"amount":1,"country":"FR","online":true}}""", 400)]
    [InlineData("predict", """{"features":{"amount":1,"country":"FR","online":true,"at":null,"more":1}}""", 400)]
    [InlineData("predict", """{"features":{"amount":1,"country":"FR","online":true,"at":null},"feature":{}}""", 400)]
    [InlineData("predict", """{"features":{"amount":1,"country":"FR","online":true,"at":"31.01.2026"}}""", 400)]
    [InlineData("predict", """{"feature":{}}""", 400)]
    [InlineData("predict", """[]""", 400)]
    [InlineData("predict-multi", """{"items":{}}""", 400)]
    [InlineData("predict-multi", """{"items":[{"feature":{}}]}""", 400)]
    public async Task Call_WithABody_IsTakenAsTheDocumentSaysAndAnswersAsItSays(string call, string body, int status)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var document = await DocumentAsync(node);
        var validator = new SchemaValidator(document);
        var operation = document["paths"]![$"/score/{call}"]!["post"]!;
        var answer = await node.PredictAsync(body, $"fraud/score/{call}");

        ((int)answer.Status).ShouldBe(status, answer.Text);
        validator.Validate(SchemaOf(operation["responses"]![$"{status}"]!), answer.Json).ShouldBeEmpty();
        var request = validator.Validate(operation["requestBody"]!["content"]!["application/json"]!["schema"], JsonNode.Parse(body));
        (request.Count == 0).ShouldBe(status == 200, string.Join("; ", request));
        if (status == 200) Undescribed(document, SchemaOf(operation["responses"]!["200"]!), answer.Json).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", 401)]
    [InlineData("pgn_another-key-that-opens-nothing", 401)]
    [InlineData(TestPackage.Key, 200)]
    public async Task Call_ToAServiceWithKeys_AnswersAsTheDocumentSays(string key, int status)
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        var document = await DocumentAsync(node, TestPackage.Key);
        var answer = await node.PredictAsync($$$"""{"features":{{{TestPackage.GoodFeatures}}}}""", key: key.Length == 0 ? null : key);
        ((int)answer.Status).ShouldBe(status);
        new SchemaValidator(document).Validate(SchemaOf(document["paths"]!["/score/predict"]!["post"]!["responses"]![$"{status}"]!), answer.Json).ShouldBeEmpty();
    }

    [Fact]
    public async Task OtherErrors_AreAsTheDocumentSays()
    {
        await using var node = await new ApiNodeBuilder().WithService().With(options => options.MaxRecordsPerRequest = 2).StartAsync();
        var document = await DocumentAsync(node);
        ((int?)document["paths"]!["/score/predict-multi"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["properties"]!["items"]!["maxItems"]).ShouldBe(2);
        var item = $$$"""{"features":{{{TestPackage.GoodFeatures}}}}""";
        var answers = new List<Answer>
        {
            await node.PredictAsync($$"""{"items":[{{item}},{{item}},{{item}}]}""", "fraud/score/predict-multi"),
            await node.GetAsync("public/api/v1/fraud/score/predict"),
            await node.PredictAsync("{}", "fraud/other/predict"),
            await node.PredictAsync($$$"""{"features":{{{TestPackage.GoodFeatures}}},"dispatch":{"forcedGeneration":"v9"}}"""),
        };
        answers.Select(answer => (int)answer.Status).ShouldBe([413, 405, 404, 404]);
        foreach (var answer in answers)
            new SchemaValidator(document).Validate(SchemaOf(document["paths"]!["/score/predict"]!["post"]!["responses"]![$"{(int)answer.Status}"]!), answer.Json).ShouldBeEmpty();
    }

    [Fact]
    public async Task Examples_FitTheirSchemaAndAreAnswered()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var document = await DocumentAsync(node);
        foreach (var call in new[] { "predict", "predict-multi" })
        {
            var media = document["paths"]![$"/score/{call}"]!["post"]!["requestBody"]!["content"]!["application/json"]!;
            var example = media["examples"]!.AsObject().First().Value!["value"];
            new SchemaValidator(document).Validate(media["schema"], example).ShouldBeEmpty();
            (await node.PredictAsync(example!.ToJsonString(), $"fraud/score/{call}")).ShouldSucceed();
        }
    }

    [Fact]
    public async Task PredictSimple_TakesWhatItsParametersSay()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var document = await DocumentAsync(node);
        var operation = document["paths"]!["/score/predict-simple"]!["get"]!;
        operation["parameters"]!.AsArray().Select(parameter => (string)parameter!["name"]!).Where(name => !name.StartsWith("explanations.", StringComparison.Ordinal)).ShouldBe(["amount", "country", "online", "at"]);
        var answer = (await node.GetAsync("public/api/v1/fraud/score/predict-simple?amount=1&country=FR&online=true&at=2026-01-31")).ShouldSucceed();
        new SchemaValidator(document).Validate(SchemaOf(operation["responses"]!["200"]!), answer.Json).ShouldBeEmpty();
    }

    [Fact]
    public async Task Result_OfARecordThatTheModelIgnores_FitsToo()
    {
        var model = TestModels.Binary(change: spec => spec with { DropIfMissing = ["amount"] });
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Model = model }).StartAsync();
        var document = await DocumentAsync(node);
        var answer = (await node.PredictFeaturesAsync("""{"amount":null,"country":"FR","online":true,"at":null}""")).ShouldSucceed();
        ((bool?)answer.Json["result"]!["ignored"]).ShouldBe(true);
        new SchemaValidator(document).Validate(SchemaOf(document["paths"]!["/score/predict"]!["post"]!["responses"]!["200"]!), answer.Json).ShouldBeEmpty();
    }

    private static async Task<JsonNode> DocumentAsync(TestNode node, string? key = null) => (await node.GetAsync("public/api/v1/fraud/openapi.json", key)).ShouldSucceed().Json;

    private static JsonNode? SchemaOf(JsonNode response) => response["content"]!.AsObject().Single(media => media.Key is "application/json" or "application/problem+json").Value!["schema"];

    /// <summary>Members of an answer that its schema does not name: closes every object of the schema, then validates.</summary>
    internal static IReadOnlyList<string> Undescribed(JsonNode document, JsonNode? schema, JsonNode answer)
    {
        var (closedDocument, closed) = (document.DeepClone(), schema!.DeepClone());
        Close(closedDocument["components"]);
        Close(closed);
        return new SchemaValidator(closedDocument).Validate(closed, answer);
    }

    private static void Close(JsonNode? node)
    {
        if (node is JsonArray list)
            foreach (var item in list) Close(item);
        if (node is not JsonObject members) return;
        foreach (var (_, member) in members) Close(member);
        if (members["properties"] is JsonObject && members["type"] is JsonValue) members["additionalProperties"] = false;
    }
}
