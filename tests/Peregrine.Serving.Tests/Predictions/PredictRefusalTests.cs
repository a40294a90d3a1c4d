using System.Net;
using System.Text;

namespace Peregrine.Serving.Tests.Predictions;

public sealed class PredictRefusalTests
{
    [Theory]
    [InlineData("""{"features":{"amuont":1,"country":"FR","online":true,"at":null}}""", "UnknownField", "/features/amuont", "Did you mean 'amount'?")]
    [InlineData("""{"features":{"amount":"twelve","country":"FR","online":true,"at":null}}""", "WrongType", "/features/amount", "byte 22")]
    [InlineData("""{"features":{"amount":{"x":1},"country":"FR","online":true,"at":null}}""", "WrongType", "/features/amount", "byte 22")]
    [InlineData("""{"features":{"amount":1,"country":"FR","online":true,"at":"yesterday"}}""", "WrongType", "/features/at", "2026-01-31T12:00:00Z")]
    [InlineData("""{"features":{"amount":1,"country":"FR","at":null}}""", "MissingField", "/features/online", "null where the value is missing")]
    [InlineData("""{"features":{"amount":1,"amount":2,"country":"FR","online":true,"at":null}}""", "DuplicateField", "/features/amount", "twice")]
    [InlineData("""{"features":[1,2]}""", "NotAnObject", "/features", "byte 12")]
    [InlineData("""{"amount":1}""", "MissingMember", "/features", "{\"features\":{")]
    [InlineData("""{"features":{"amount":1,"country":"FR","online":true,"at":null},"dispach":{}}""", "UnknownMember", "/dispach", "Did you mean 'dispatch'?")]
    [InlineData("""{"features":{"amount":1,"country":"FR","online":true,"at":null},"dispatch":"v1"}""", "WrongType", "/dispatch", "object or null")]
    [InlineData("""{"features":{"amount":1,"country":"FR","online":true,"at":null},"features":{}}""", "DuplicateMember", "/features", "twice")]
    public async Task Predict_FaultyMember_SaysWhatWhereAndWhatToDo(string body, string errorType, string pointer, string words)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var answer = (await node.PredictAsync(body)).ShouldFail(HttpStatusCode.BadRequest, errorType);
        ((string?)answer.Json["errors"]![0]!["pointer"]).ShouldBe(pointer);
        answer.Detail.ShouldContain(words);
        ((int?)answer.Json["status"]).ShouldBe(400);
    }

    [Theory]
    [InlineData("{\"features\":{\"amount\":1,}}", "byte 24")]
    [InlineData("{\"features\":{\"amount\":1", "ends too early")]
    [InlineData("{\"features\":{\"amount\":01,\"country\":\"FR\",\"online\":true,\"at\":null}}", "byte 23")]
    [InlineData("{\"features\":{\"amount\":1,\"country\":\"FR\",\"online\":true,\"at\":null}} x", "byte 65")]
    [InlineData("{\n\"features\":\n  {\"amount\": nul}}", "line 3, column 14")]
    [InlineData("features", "byte 0")]
    public async Task Predict_MalformedJson_NamesTheByte(string body, string words)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.PredictAsync(body)).ShouldFail(HttpStatusCode.BadRequest, "MalformedJson").Detail.ShouldContain(words);
    }

    [Fact]
    public async Task Predict_ManyMissingFeatures_ListsThemAll()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var answer = (await node.PredictAsync("""{"features":{"country":"FR"}}""")).ShouldFail(HttpStatusCode.BadRequest, "MissingField");
        answer.Json["errors"]!.AsArray().Select(error => (string?)error!["pointer"]).ShouldBe(["/features/amount", "/features/online", "/features/at"]);
    }

    [Fact]
    public async Task Predict_NoBody_SaysWhatToSend()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var answer = await node.SendAsync(HttpMethod.Post, "public/api/v1/fraud/score/predict");
        answer.ShouldFail(HttpStatusCode.BadRequest, "NoBody").Detail.ShouldContain("{\"features\":{");
    }

    [Fact]
    public async Task Predict_NotUtf8_NamesTheByte()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        using var content = new ByteArrayContent([.. "{\"features\":{\""u8, 0xFF, .. "\":1}}"u8]);
        (await node.SendAsync(HttpMethod.Post, "public/api/v1/fraud/score/predict", content))
            .ShouldFail(HttpStatusCode.BadRequest, "MalformedJson").Detail.ShouldContain("not UTF-8 at byte 14");
    }

    [Fact]
    public async Task Predict_DeepNesting_IsRefused()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var deep = string.Concat(Enumerable.Repeat("[", 5_000)) + string.Concat(Enumerable.Repeat("]", 5_000));
        (await node.PredictAsync($"{{\"context\":{deep},\"features\":{{}}}}")).ShouldFail(HttpStatusCode.BadRequest, "TooDeep").Detail.ShouldContain("nested too deeply");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Predict_TooLargeABody_Is413AndTheNodeGoesOn(bool chunked)
    {
        await using var node = await new ApiNodeBuilder().WithService().With(options => options.MaxRequestBodyBytes = 2_000).StartAsync();
        var body = Encoding.UTF8.GetBytes("{\"features\":{\"id\":\"" + new string('x', 200_000) + "\"}}");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, "public/api/v1/fraud/score/predict")) { Content = new ByteArrayContent(body) };
        if (chunked) request.Headers.TransferEncodingChunked = true;
        using var response = await node.Http.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await response.Content.ReadAsStringAsync()).ShouldContain("2,000 bytes");
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
    }

    [Fact]
    public async Task Predict_TenMegabytesAndOne_Is413ByDefault()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.PredictAsync(new string(' ', 10_000_001))).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("frod/score/predict", "ServiceNotFound", "Did you mean 'fraud'?")]
    [InlineData("fraud/scor/predict", "EndpointNotFound", "Did you mean 'score'?")]
    [InlineData("fraud/score/predct", "CallNotFound", "Did you mean 'predict'?")]
    [InlineData("fraud/score/lookup", "CallNotFound", "predict-multi")]
    [InlineData("fraud", "EndpointNotFound", "score")]
    public async Task Predict_UnknownPath_SaysWhichPartAndSuggests(string path, string errorType, string words)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures, path)).ShouldFail(HttpStatusCode.NotFound, errorType).Detail.ShouldContain(words);
    }

    [Theory]
    [InlineData(null, "needs an API key")]
    [InlineData("pgn_wrong", "does not open")]
    public async Task Predict_WithoutTheRightKey_Is401(string? key, string words)
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        var answer = await node.PredictAsync($$"""{"features":{{TestPackage.GoodFeatures}}}""", key: key);
        answer.ShouldFail(HttpStatusCode.Unauthorized, "Unauthorized").Detail.ShouldContain(words);
        (await node.PredictAsync("{}", "fraud/nothing/predict", key)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Predict_WithAnAdminKey_AnswersUntilItIsDeleted()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        var made = await node.AdminAsync(HttpMethod.Post, "keys", """{"label":"deployer"}""");
        var body = $$"""{"features":{{TestPackage.GoodFeatures}}}""";
        (await node.PredictAsync(body, key: (string)made!["key"]!)).ShouldSucceed();
        await node.AdminAsync(HttpMethod.Delete, $"keys/{(string?)made["id"]}/key");
        (await node.PredictAsync(body, key: (string)made["key"]!)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Predict_ByGet_Is405WithAllow()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        using var response = await node.Http.GetAsync(new Uri(node.Address, "public/api/v1/fraud/score/predict"));
        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.ShouldBe(["POST"]);
    }

    [Fact]
    public async Task Predict_BeforeASwitch_Is503WithWhatToDo()
    {
        await using var node = await new ApiNodeBuilder().WithGeneration(new TestPackage()).StartAsync();
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldFail(HttpStatusCode.ServiceUnavailable, "ServiceNotServing").Detail.ShouldContain("Switch to one");
    }
}
