using System.Net;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Serving.Tests.OpenInference;

namespace Peregrine.Serving.Tests.Predictions;

/// <summary>Endpoints that tell callers nothing of their features.</summary>
public sealed class QuietTests
{
    private static readonly string[] s_secrets = ["amount", "country", "online", "is_fraud", "GB"];

    [Theory]
    [InlineData("""{"features":{"x":1}}""", "predict")]
    [InlineData("""{"features":{"amount":"x"}}""", "predict")]
    [InlineData("""{"features":{"amount":1,"amount":2}}""", "predict")]
    [InlineData("""{"features":{}}""", "predict")]
    [InlineData("""{"features":[]}""", "predict")]
    [InlineData("""{"features":{"amount":5000,"country":"FR","online":true,"at":null}}""", "predict")]
    [InlineData("""{"features":{"amount":5,"country":"GBB","online":true,"at":null}}""", "predict")]
    [InlineData("""{"items":[{"features":{"x":1}}]}""", "predict-multi")]
    [InlineData("""{"columns":{"x":[1]}}""", "predict-multi")]
    [InlineData("""{"columns":{"amount":["x"],"country":["FR"],"online":[true],"at":[null]}}""", "predict-multi")]
    public async Task Refusal_IsTheSameWhateverIsWrong(string body, string call)
    {
        await using var node = await StartAsync(new PredictionSettings { Quiet = true, OutOfRange = FeaturePolicy.Refuse, UnseenCategories = FeaturePolicy.Refuse });
        var answer = (await node.PredictAsync(body, $"fraud/score/{call}")).ShouldFail(HttpStatusCode.BadRequest, "BadRecord");
        ShouldTellNothing(answer.Text.Replace($"{(string?)answer.Json["errors"]![0]!["pointer"]}", "", StringComparison.Ordinal));
        ((string?)answer.Json["errors"]![0]!["pointer"])!.ShouldNotContain("amount");
    }

    [Fact]
    public async Task Warning_SaysOnlyThatTheRecordIsUnusual()
    {
        await using var node = await StartAsync(new PredictionSettings { Quiet = true, OutOfRange = FeaturePolicy.Warn, UnseenCategories = FeaturePolicy.Warn });
        var answer = (await node.PredictFeaturesAsync("""{"amount":5000,"country":"GBB","online":true,"at":null}""")).ShouldSucceed();
        var warning = answer.Json["result"]!["warnings"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)warning["code"]).ShouldBe("UnusualRecord");
        warning["feature"].ShouldBeNull();
        ShouldTellNothing(answer.Text);
    }

    [Fact]
    public async Task Explanations_AreRefused()
    {
        await using var node = await StartAsync(new PredictionSettings { Quiet = true });
        var answer = await node.PredictAsync($$$"""{"features":{{{TestPackage.GoodFeatures}}},"explanations":{"enabled":true}}""");
        ShouldTellNothing(answer.ShouldFail(HttpStatusCode.BadRequest, "ExplanationsUnavailable").Text);
    }

    [Theory]
    [InlineData("public/api/v1/fraud/openapi.json")]
    [InlineData("public/api/v1/fraud/swagger")]
    [InlineData("v2/models/fraud.score")]
    public async Task Description_NamesNoFeature(string path)
    {
        await using var node = await StartAsync(new PredictionSettings { Quiet = true, UnseenCategories = FeaturePolicy.Refuse });
        var text = (await node.GetAsync(path)).ShouldSucceed().Text;
        ShouldTellNothing(text);
    }

    [Theory]
    [InlineData("""{"name":"colour","shape":[1],"datatype":"FP64","data":[1]}""")]
    [InlineData("""{"name":"amount","shape":[1],"datatype":"FP64","data":[1]}""")]
    [InlineData("""{"name":"amount","shape":[1],"datatype":"BYTES","data":["x"]}""")]
    [InlineData("""{"name":"amount","shape":[1],"datatype":"FP64","data":[1]},{"name":"amount","shape":[1],"datatype":"FP64","data":[1]}""")]
    public async Task Infer_RefusalIsTheSameWhateverIsWrong(string inputs)
    {
        await using var node = await StartAsync(new PredictionSettings { Quiet = true });
        var answer = (await node.InferAsync(System.Text.Json.Nodes.JsonNode.Parse($$"""{"inputs":[{{inputs}}]}""")!)).ShouldFail(HttpStatusCode.BadRequest, "not one that this endpoint takes");
        ShouldTellNothing(answer.Json.ToJsonString());
    }

    private static void ShouldTellNothing(string text)
    {
        foreach (var secret in s_secrets) text.ShouldNotContain(secret, Case.Sensitive);
    }

    private static Task<TestNode> StartAsync(PredictionSettings settings) => new ApiNodeBuilder().WithService(package: TestPackage.WithReference(settings)).StartAsync();
}
