using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Models;
using Peregrine.Models.Explanations;
using Peregrine.Models.Predictors;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Tests.Explanations;

public sealed class PredictExplanationsTests
{
    private const string Features = TestPackage.GoodFeatures;
    private const string Simple = "public/api/v1/fraud/score/predict-simple?amount=12.5&country=FR&online=True&at=2026-01-31+12%3A00%3A00";

    // Weight · (column - mean) by field: amount 12.5 / 3, country FR, online 1, hour 12.
    private static readonly double s_amount = 0.3 * (12.5 / 3 - 2);
    private static readonly double s_country = -0.7 * (1 - 0.5) + 0.1 * (0 - 0.25);
    private static readonly double s_online = 0.4 * (1 - 0.5);

    [Fact]
    public async Task Predict_Asked_NamesTheFieldsOfLargestInfluenceFirst()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var result = (await node.PredictAsync($$"""{"features":{{Features}},"explanations":{"enabled":true,"method":"SHAPLEY","nExplanations":3,"nMonteCarloSteps":100} }"""))
            .ShouldSucceed().Json["result"]!.AsObject();
        var explanations = result["explanations"]!.AsObject();
        explanations.Select(pair => pair.Key).ShouldBe(["amount", "country", "online"]);
        ((double)explanations["amount"]!).ShouldBe(s_amount, 1e-12);
        ((double)explanations["country"]!).ShouldBe(s_country, 1e-12);
        ((double)explanations["online"]!).ShouldBe(s_online, 1e-12);
        result.Remove("explanations");
        result.ToJsonString().ShouldBe(JsonNode.Parse(new TestPackage().Expected(Features))!.ToJsonString());
    }

    [Theory]
    [InlineData("SHAPLEY")]
    [InlineData("ICE")]
    public async Task Predict_AnyRoute_GivesTheSameBytes(string method)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var asked = $$"""{"enabled":true,"method":"{{method}}","nExplanations":99}""";
        var one = (await node.PredictAsync($$"""{"features":{{Features}},"explanations":{{asked}}}""")).ShouldSucceed();
        var text = one.Json["result"]!.ToJsonString();
        text.ShouldContain("\"explanations\":{\"amount\":");
        var before = (await node.PredictAsync($$"""{"explanations":{{asked}},"features":{{Features}}}""")).ShouldSucceed();
        before.Json["result"]!.ToJsonString().ShouldBe(text);
        foreach (var body in (string[])
                 [
                     $$"""{"items":[{"features":{{Features}}},{"features":{{Features}}}],"explanations":{{asked}}}""",
                     $$"""{"explanations":{{asked}},"items":[{"features":{{Features}}},{"features":{{Features}}}]}""",
                 ])
        {
            var many = (await node.PredictAsync(body, "fraud/score/predict-multi")).ShouldSucceed();
            many.Json["results"]!.AsArray().Select(result => result!.ToJsonString()).ShouldBe([text, text]);
        }

        var simple = (await node.GetAsync($"{Simple}&explanations.enabled=True&explanations.method={method}&explanations.nExplanations=99")).ShouldSucceed();
        simple.Json["result"]!.ToJsonString().ShouldBe(text);
    }

    [Fact]
    public async Task Predict_EndpointExplainsByDefault_NullsTakeItsSettings()
    {
        var settings = new PredictionSettings { Explanations = new ExplanationSettings { Enabled = true, Method = ExplanationMethod.Ice, NExplanations = 2 } };
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Settings = settings }).StartAsync();
        const string Nulls = """{"enabled":null,"method":null,"nExplanations":null,"nMonteCarloSteps":null}""";
        foreach (var explanations in (string[])["", $",\"explanations\":{Nulls}", ",\"explanations\":null"])
        {
            var answer = (await node.PredictAsync($"{{\"features\":{Features}{explanations}}}")).ShouldSucceed();
            answer.Json["result"]!["explanations"]!.AsObject().Count.ShouldBe(2);
        }

        var off = (await node.PredictAsync($$"""{"features":{{Features}},"explanations":{"enabled":false} }""")).ShouldSucceed();
        off.Result.ShouldBe(new TestPackage().Expected(Features));
        var manyOff = (await node.PredictAsync(
            $$"""{"items":[{"features":{{Features}}}],"explanations":{"enabled":false} }""", "fraud/score/predict-multi")).ShouldSucceed();
        manyOff.Json["results"]![0]!["explanations"].ShouldBeNull();
        (await node.GetAsync(Simple)).ShouldSucceed().Json["result"]!["explanations"]!.AsObject().Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"enabled":1}""", "/explanations/enabled", "true, false or null")]
    [InlineData("""{"method":"LIME"}""", "/explanations/method", "\"SHAPLEY\", \"ICE\" or null")]
    [InlineData("""{"nExplanations":0}""", "/explanations/nExplanations", "from 1 on")]
    [InlineData("""{"nExplanations":2.5}""", "/explanations/nExplanations", "whole number")]
    [InlineData("""{"nMonteCarloSteps":24}""", "/explanations/nMonteCarloSteps", "25 to 1000")]
    [InlineData("""{"nMonteCarloSteps":1001}""", "/explanations/nMonteCarloSteps", "25 to 1000")]
    [InlineData("true", "/explanations", "an object or null")]
    public async Task Predict_BadExplanations_SaysWhatWhereAndWhatToDo(string explanations, string pointer, string words)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var answer = (await node.PredictAsync($$"""{"features":{{Features}},"explanations":{{explanations}}}""")).ShouldFail(HttpStatusCode.BadRequest, "BadExplanations");
        ((string?)answer.Json["errors"]![0]!["pointer"]).ShouldBe(pointer);
        answer.Detail.ShouldContain(words);
    }

    [Fact]
    public async Task PredictSimple_BadMethod_IsRefused()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.GetAsync($"{Simple}&explanations.enabled=true&explanations.method=LIME")).ShouldFail(HttpStatusCode.BadRequest, "BadExplanations");
    }

    [Fact]
    public async Task Predict_ModelWithoutMeans_SaysWhyItCannotExplain()
    {
        var model = TestModels.Binary(change: spec => spec with { Predictor = (LinearPredictorSpec)spec.Predictor with { Means = null } });
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Model = model }).StartAsync();
        var answer = (await node.PredictAsync($$"""{"features":{{Features}},"explanations":{"enabled":true} }""")).ShouldFail(HttpStatusCode.BadRequest, "ExplanationsUnavailable");
        answer.Detail.ShouldContain("Train the model again");
        (await node.PredictAsync($$"""{"features":{{Features}}}""")).ShouldSucceed();
    }

    [Fact]
    public async Task Predict_IgnoredRecord_IsNotExplained()
    {
        var model = TestModels.Binary(change: spec => spec with { DropIfMissing = ["amount"] });
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Model = model }).StartAsync();
        var answer = (await node.PredictAsync("""{"features":{"amount":null,"country":"FR","online":true,"at":null},"explanations":{"enabled":true}}""")).ShouldSucceed();
        answer.Json["result"]!.ToJsonString().ShouldBe("""{"ignored":true,"ignoreReason":"IGNORED_BY_MODEL"}""");
    }

    [Fact]
    public async Task Predict_InTheEngine_AllocatesNothingForExplanations()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var engine = node.Services.GetRequiredService<PredictionEngine>();
        var route = node.Services.GetRequiredService<NodeState>().Current.Find("/public/api/v1/fraud/score/predict")!.Endpoint;
        var body = Encoding.UTF8.GetBytes($$"""{"features":{{Features}},"explanations":{"enabled":true,"method":null,"nExplanations":99} }""");
        void Ask()
        {
            var output = Utf8Output.Rent();
            var report = default(PredictionReport);
            var caller = new Caller(CallerKey.Anyone, null, Stopwatch.GetTimestamp());
            engine.Predict(route, body, caller, output, ref report).ShouldBeNull();
            Utf8Output.Return(output);
        }

        for (var i = 0; i < 200; i++) Ask();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Ask();
        ((GC.GetAllocatedBytesForCurrentThread() - before) / 1_000.0).ShouldBeLessThan(100);
    }

    [Fact]
    public async Task OpenApi_OfAnEndpoint_DescribesExplanations()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var document = (await node.GetAsync("public/api/v1/fraud/openapi.json")).ShouldSucceed().Json;
        var request = document["paths"]!["/score/predict"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["properties"]!["explanations"]!;
        ((int?)request["properties"]!["nExplanations"]!["default"]).ShouldBe(3);
        document["components"]!["schemas"]!["score.Result"]!["oneOf"]![0]!["properties"]!["explanations"]!["properties"]!.AsObject()
            .Select(pair => pair.Key).ShouldBe(["amount", "country", "online", "at"]);
        document["paths"]!["/score/predict-simple"]!["get"]!["parameters"]!.AsArray().ShouldContain(p => (string?)p!["name"] == "explanations.method");
    }
}
