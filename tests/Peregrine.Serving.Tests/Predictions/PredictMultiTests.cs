using System.Globalization;
using System.Net;
using System.Text;

namespace Peregrine.Serving.Tests.Predictions;

public sealed class PredictMultiTests
{
    private const string Path = "fraud/score/predict-multi";

    [Fact]
    public async Task PredictMulti_ManyItems_AnswersEachInOrderWithTheBitsOfPredict()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var records = Enumerable.Range(0, 300).Select(i => string.Create(
            CultureInfo.InvariantCulture, $$"""{"amount":{{i / 7.0}},"country":"{{(i % 2 == 0 ? "FR" : "GB")}}","online":{{(i % 3 == 0 ? "null" : "true")}},"at":"2026-01-31T{{i % 24:00}}:00:00Z"}""")).ToList();
        var body = $$"""{"items":[{{string.Join(',', records.Select((record, i) => $$"""{"features":{{record}},"context":{"n":{{i}}} }"""))}}]}""";
        var answer = (await node.PredictAsync(body, Path)).ShouldSucceed();
        var package = new TestPackage();
        answer.Json["results"]!.AsArray().Select(result => result!.ToJsonString()).ShouldBe(records.Select(record => System.Text.Json.Nodes.JsonNode.Parse(package.Expected(record))!.ToJsonString()));
        answer.Generation.ShouldBe("v1");
    }

    [Fact]
    public async Task PredictMulti_NoItem_AnswersNone()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.PredictAsync("""{"items":[]}""", Path)).ShouldSucceed().Json["results"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"items":[{"features":GOOD},{"features":{"amount":"x","country":"FR","online":true,"at":null}}]}""", "WrongType", "/items/1/features/amount")]
    [InlineData("""{"items":[{"features":GOOD},{"features":{"amount":1,"country":"FR","online":true}}]}""", "MissingField", "/items/1/features/at")]
    [InlineData("""{"items":[{"features":GOOD},7]}""", "WrongType", "/items/1")]
    [InlineData("""{"items":[{"context":{}}]}""", "WrongType", "/items/0")]
    [InlineData("""{"items":{}}""", "WrongType", "/items")]
    [InlineData("""{"features":GOOD}""", "MissingMember", "/items")]
    public async Task PredictMulti_FaultyItem_PointsAtIt(string body, string errorType, string pointer)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var answer = await node.PredictAsync(body.Replace("GOOD", TestPackage.GoodFeatures, StringComparison.Ordinal), Path);
        ((string?)answer.ShouldFail(HttpStatusCode.BadRequest, errorType).Json["errors"]![0]!["pointer"]).ShouldBe(pointer);
    }

    [Fact]
    public async Task PredictMulti_TooManyRecords_Is413()
    {
        await using var node = await new ApiNodeBuilder().WithService().With(options => options.MaxRecordsPerRequest = 3).StartAsync();
        (await node.PredictAsync(Body(4), Path)).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await node.PredictAsync(Body(3), Path)).ShouldSucceed();
    }

    private static string Body(int items)
    {
        var body = new StringBuilder("{\"items\":[");
        for (var i = 0; i < items; i++) body.Append(i == 0 ? "" : ",").Append("{\"features\":").Append(TestPackage.GoodFeatures).Append('}');
        return body.Append("]}").ToString();
    }
}
