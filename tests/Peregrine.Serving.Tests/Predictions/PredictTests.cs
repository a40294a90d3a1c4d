using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Serving.Tests.Predictions;

public sealed class PredictTests
{
    private const string Path = "public/api/v1/fraud/score/predict";

    [Fact]
    public async Task Predict_GoodRecord_AnswersTheModelsBitsWithContext()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var answer = (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        answer.Result.ShouldBe(new TestPackage().Expected(TestPackage.GoodFeatures));
        var context = answer.Json["apiContext"]!;
        ((string?)context["serviceId"]).ShouldBe("fraud");
        ((string?)context["endpointId"]).ShouldBe("score");
        ((string?)context["serviceGeneration"]).ShouldBe("v1");
        ((double?)answer.Json["timing"]!["total"]).ShouldNotBeNull().ShouldBeGreaterThan(0);
        ((string?)answer.Json["result"]!["prediction"]).ShouldNotBeNull();
        ((double?)answer.Json["result"]!["probas"]!["1"]).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("""{"amount":null,"country":null,"online":null,"at":null}""")]
    [InlineData("""{"amount":NaN,"country":"","online":true,"at":"2026-01-31"}""")]
    [InlineData("""{ "at" : 1769860800 , "online":0,"country":"G\u0042", "amount" : "3.5" }""")]
    [InlineData("""{"id":"an id","amount":1e3,"country":"ünknown","is_fraud":"1","online":"TRUE","at":"2026-01-31 12:00"}""")]
    public async Task Predict_OddButValidRecord_AnswersAsTheModelDoes(string features)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.PredictFeaturesAsync(features)).ShouldSucceed().Result.ShouldBe(new TestPackage().Expected(features));
    }

    [Theory]
    [InlineData("/public/api/v1/fraud/score/predict")]
    [InlineData("//public/api/v1/fraud/score/predict")]
    [InlineData("/public//api/v1/fraud///score/predict")]
    [InlineData("/public/api/v1/fraud/score/predict/")]
    public async Task Predict_WhateverTheSlashes_Answers(string path)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var body = $$"""{"features":{{TestPackage.GoodFeatures}}}""";
        var answer = await RawAsync(node, $"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
        answer.ShouldStartWith("HTTP/1.1 200 ");
        answer.ShouldContain("\r\nContent-Length: ");
        answer.ShouldContain("\"serviceGeneration\":\"v1\"");
    }

    [Fact]
    public async Task Predict_TheClientsFullBodyWithoutContentType_Answers()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var body = $$$"""
            {"features": {{{TestPackage.GoodFeatures}}}, "explanations": {"enabled": null, "method": null, "nExplanations": null, "nMonteCarloSteps": null},
             "dispatch": {"dispatchKey": "user-9"}, "context": {"channel": "web"}}
            """;
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        (await node.SendAsync(HttpMethod.Post, Path, content)).ShouldSucceed();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(5_000)]
    public async Task Predict_BodyInPieces_AnswersTheSame(int piece)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var features = """{"amount":12.5,"country":"FR","online":true,"at":"2026-01-31T12:00:00Z","id":"FILL"}""".Replace("FILL", new string('é', 20_000), StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes($$"""{"features":{{features}}}""");
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(node.Address.Host, node.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /{Path} HTTP/1.1\r\nHost: x\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n"));
        var at = 0;
        for (var sent = 0; at < bytes.Length; sent++)
        {
            // After some small pieces the rest in one, to keep the test short.
            var length = sent < 40 ? Math.Min(piece, bytes.Length - at) : bytes.Length - at;
            await stream.WriteAsync(bytes.AsMemory(at, length));
            at += length;
        }

        var answer = await new StreamReader(stream).ReadToEndAsync();
        answer.ShouldStartWith("HTTP/1.1 200 ");
        answer.ShouldContain(new TestPackage().Expected(features));
    }

    [Fact]
    public async Task Predict_ChunkedBody_Answers()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var body = $$"""{"features":{{TestPackage.GoodFeatures}}}""";
        var answer = await RawAsync(
            node, $"POST /{Path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{5:x}\r\n{body[..5]}\r\n{body.Length - 5:x}\r\n{body[5..]}\r\n0\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 200 ");
    }

    [Fact]
    public async Task Predict_TwoRequestsInOnePacket_AnswersBoth()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var body = $$"""{"features":{{TestPackage.GoodFeatures}}}""";
        var request = $"POST /{Path} HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n";
        var answer = await RawAsync(node, $"{request}\r\n{body}{request}Connection: close\r\n\r\n{body}");
        answer.Split("\"serviceGeneration\":\"v1\"").Length.ShouldBe(3);
    }

    [Fact]
    public async Task Predict_ByteOrderMark_IsPassedOver()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.PredictAsync("\uFEFF" + $$"""{"features":{{TestPackage.GoodFeatures}}}""")).ShouldSucceed();
    }

    [Fact]
    public async Task Predict_LenientEndpoint_TakesUnknownAndMissingFeatures()
    {
        var package = new TestPackage { Settings = new PredictionSettings { UnknownFeatures = FeaturePolicy.Ignore, MissingFeatures = FeaturePolicy.Ignore } };
        await using var node = await new ApiNodeBuilder().WithService(package: package).StartAsync();
        var answer = (await node.PredictAsync("""{"features":{"amount":2,"colour":"red"},"whatever":[1]}""")).ShouldSucceed();
        answer.Result.ShouldBe(package.Expected("""{"amount":2}"""));
    }

    [Fact]
    public async Task Predict_RecordThatTheModelIgnores_Is200WithTheReason()
    {
        var package = new TestPackage { Model = TestModels.Binary(change: spec => spec with { DropIfMissing = ["amount"] }) };
        await using var node = await new ApiNodeBuilder().WithService(package: package).StartAsync();
        var answer = (await node.PredictFeaturesAsync("""{"amount":null,"country":"FR","online":true,"at":null}""")).ShouldSucceed();
        answer.Result.ShouldBe("""{"ignored":true,"ignoreReason":"IGNORED_BY_MODEL"}""");
    }

    [Theory]
    [InlineData("Basic", true, false)]
    [InlineData("Basic", false, false)]
    [InlineData("Bearer", true, false)]
    [InlineData("bearer", true, false)]
    [InlineData("X-DKU-APITicket", true, true)]
    public async Task Predict_KeyInAnyOfItsPlaces_Opens(string scheme, bool first, bool asHeader)
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, Path));
        request.Content = new StringContent($$"""{"features":{{TestPackage.GoodFeatures}}}""");
        if (asHeader) request.Headers.Add(scheme, TestPackage.Key);
        else if (scheme == "Basic") request.Headers.Authorization = first ? TestNode.Basic(TestPackage.Key) : TestNode.Basic("", TestPackage.Key);
        else request.Headers.Authorization = new AuthenticationHeaderValue(scheme, TestPackage.Key);
        using var response = await node.Http.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Predict_SameConnectionManyTimes_KeepsAnsweringAndNeverForAWrongKey()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        for (var i = 0; i < 50; i++)
        {
            var good = i % 3 != 1;
            var answer = await node.PredictAsync(
                $$"""{"features":{{TestPackage.GoodFeatures}}}""", key: good ? TestPackage.Key : TestPackage.Key + i.ToString(CultureInfo.InvariantCulture));
            answer.Status.ShouldBe(good ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        }
    }

    private static async Task<string> RawAsync(TestNode node, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(node.Address.Host, node.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        return await new StreamReader(stream).ReadToEndAsync();
    }
}
