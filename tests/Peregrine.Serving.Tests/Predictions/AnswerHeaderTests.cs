using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;
using Peregrine.Serving.Tracing;

namespace Peregrine.Serving.Tests.Predictions;

public sealed class AnswerHeaderTests
{
    private const string Body = $$"""{"features":{{TestPackage.GoodFeatures}}}""";

    [Theory]
    [InlineData("order-17/a", true)]
    [InlineData("with blank", false)]
    [InlineData("", false)]
    public async Task RequestId_ThatIsVisibleAscii_ComesBack(string id, bool back)
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        using var answer = await AskAsync(node, Body, ("X-Request-Id", id));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, "also with an error");
        answer.Headers.TryGetValues("X-Request-Id", out var given);
        (given?.Single()).ShouldBe(back ? id : null);
        using var tooLong = await AskAsync(node, Body, ("X-Request-Id", new string('x', 129)));
        tooLong.Headers.Contains("X-Request-Id").ShouldBeFalse();
    }

    [Fact]
    public async Task ServerTiming_Asked_TellsTheStages()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        using (var plain = await AskAsync(node, Body)) plain.Headers.Contains("Server-Timing").ShouldBeFalse();
        using var answer = await AskAsync(node, Body, ("X-Server-Timing", "1"));
        var stages = answer.Headers.GetValues("Server-Timing").Single().Split(", ").Select(stage => stage.Split(";dur=")).ToDictionary(
            stage => stage[0], stage => double.Parse(stage[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        stages.Keys.ShouldBe(["authorise", "bind", "score", "total"]);
        stages["total"].ShouldBeGreaterThan(0);
        stages["total"].ShouldBeGreaterThanOrEqualTo(stages["bind"] + stages["score"] - 0.01);
    }

    /// <summary>Each stage of a length of its own: 20 ms, 100 ms, at least 5 ms.</summary>
    [Fact]
    public void ServerTiming_OfStagesOfKnownLength_TellsEachItsOwn()
    {
        static long Ticks(double milliseconds) => (long)(milliseconds * Stopwatch.Frequency / 1e3);
        var started = Stopwatch.GetTimestamp() - Ticks(100);
        var phases = new PhaseClock(started);
        phases.Parsed();
        Thread.Sleep(5);
        phases.Scored();
        phases.Complete();
        var caller = new Caller(CallerKey.Anyone, null, started, Authorised: started - Ticks(10)) { Arrived = started - Ticks(30) };
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        AnswerHeaders.TellTiming(context, caller, phases);
        context.Response.Headers.ContainsKey("Server-Timing").ShouldBeFalse("nobody asked");
        context.Request.Headers[AnswerHeaders.WantsTiming] = "1";
        AnswerHeaders.TellTiming(context, caller with { Authorised = 0 }, phases);
        context.Response.Headers.ContainsKey("Server-Timing").ShouldBeFalse("nobody noted when");
        AnswerHeaders.TellTiming(context, caller, phases);
        var stages = ((string)context.Response.Headers["Server-Timing"]!).Split(", ").Select(stage => stage.Split(";dur=")).ToDictionary(
            stage => stage[0], stage => double.Parse(stage[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        stages["authorise"].ShouldBe(20, 0.01);
        stages["bind"].ShouldBe(phases.ParseMicroseconds / 1e3, 0.001);
        stages["bind"].ShouldBeGreaterThanOrEqualTo(100);
        stages["score"].ShouldBe(phases.ScoreMicroseconds / 1e3, 0.001);
        stages["score"].ShouldBeGreaterThanOrEqualTo(4);
        stages["total"].ShouldBeGreaterThanOrEqualTo(30 + stages["bind"] + stages["score"] - 0.01);
    }

    [Fact]
    public async Task TraceParent_IsContinued_WithTheNodesSpanWhenSampled()
    {
        const string Given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        using (var untraced = await AskAsync(node, Body, ("traceparent", Given))) untraced.Headers.GetValues("traceparent").Single().ShouldBe(Given);
        using (var wrong = await AskAsync(node, Body, ("traceparent", "00-zz"))) wrong.Headers.Contains("traceparent").ShouldBeFalse();
        using (var none = await AskAsync(node, Body)) none.Headers.Contains("traceparent").ShouldBeFalse();

        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PredictionTrace.SourceName,
            Sample = (ref options) => options.Parent.TraceId.ToHexString() == "0af7651916cd43dd8448eb211c80319c" ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
        };
        ActivitySource.AddActivityListener(listener);
        foreach (var body in new[] { Body, "{" })
        {
            using var traced = await AskAsync(node, body, ("traceparent", Given));
            var told = traced.Headers.GetValues("traceparent").Single();
            told.ShouldStartWith("00-0af7651916cd43dd8448eb211c80319c-");
            told.ShouldNotBe(Given);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task PackedBody_AnswersAsThePlainOne_AndALargeAnswerIsPacked(string coding)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var plain = (await node.PredictAsync(Many(300), "fraud/score/predict-multi")).ShouldSucceed().Json["results"]!.ToJsonString();
        using var packed = new ByteArrayContent(Pack(Many(300), coding)) { Headers = { { "Content-Encoding", coding } } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, "public/api/v1/fraud/score/predict-multi")) { Content = packed };
        request.Headers.TryAddWithoutValidation("Accept-Encoding", coding);
        using var answer = await node.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentEncoding.ShouldBe([coding]);
        answer.Headers.Vary.ShouldBe(["Accept-Encoding"]);
        await using var unpacking = Unpack(await answer.Content.ReadAsStreamAsync(), coding);
        using var reader = new StreamReader(unpacking);
        new Answer(answer.StatusCode, await reader.ReadToEndAsync()).Json["results"]!.ToJsonString().ShouldBe(plain);
    }

    [Fact]
    public async Task SmallAnswer_IsNotPacked()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        using var answer = await AskAsync(node, Body, ("Accept-Encoding", "gzip"));
        answer.Content.Headers.ContentEncoding.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("zstd", HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType")]
    [InlineData("gzip, br", HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType")]
    [InlineData("gzip", HttpStatusCode.BadRequest, "MalformedBody")]
    [InlineData("br", HttpStatusCode.BadRequest, "MalformedBody")]
    public async Task BodyThatIsNotOfItsCoding_IsRefused(string coding, HttpStatusCode status, string type)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        using var content = new StringContent(Body);
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        (await node.SendAsync(HttpMethod.Post, "public/api/v1/fraud/score/predict", content)).ShouldFail(status, type);
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c\u00adb7ad6b7169203331-01", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331\u000101", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c\u007fb7ad6b7169203331-01", false)]
    public void TraceParent_ComesBack_WhereAServerCanSendIt(string given, bool back)
    {
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        AnswerHeaders.TellTrace(context, new Caller(CallerKey.Anyone, null, 0, TraceParent: given), null);
        ((string?)context.Response.Headers.TraceParent).ShouldBe(back ? given : null);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/csv")]
    public async Task DeflateWithADictionary_IsRefused(string type)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        // The head of a zlib stream whose sender and reader would share a dictionary (RFC 1950, 2.2).
        using var content = new ByteArrayContent([0x78, 0xBB, 1, 2, 3, 4, 5, 6, 7, 8]) { Headers = { { "Content-Encoding", "deflate" }, { "Content-Type", type } } };
        (await node.SendAsync(HttpMethod.Post, "public/api/v1/fraud/score/predict-multi", content)).ShouldFail(HttpStatusCode.BadRequest, "MalformedBody");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task EmptyBody_OfAnyCoding_IsNoBody(string coding)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        using var content = new ByteArrayContent([]) { Headers = { { "Content-Encoding", coding } } };
        (await node.SendAsync(HttpMethod.Post, "public/api/v1/fraud/score/predict", content)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task PackedBody_LargerThanTheLimitOnceUnpacked_IsRefused()
    {
        await using var node = await new ApiNodeBuilder().WithService().With(options => options.MaxRequestBodyBytes = 100_000).StartAsync();
        using var content = new ByteArrayContent(Pack(new string(' ', 1_000_000), "gzip")) { Headers = { { "Content-Encoding", "gzip" } } };
        (await node.SendAsync(HttpMethod.Post, "public/api/v1/fraud/score/predict", content)).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task PackedStream_IsAnsweredPacked(string coding)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var lines = string.Concat(Enumerable.Repeat(TestPackage.GoodFeatures + "\n", 5_000));
        using var content = new ByteArrayContent(Pack(lines, coding)) { Headers = { { "Content-Encoding", coding }, { "Content-Type", "application/x-ndjson" } } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, "public/api/v1/fraud/score/predict-multi")) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept-Encoding", coding);
        using var answer = await node.Http.SendAsync(request);
        answer.Content.Headers.ContentEncoding.ShouldBe([coding]);
        await using var unpacking = Unpack(await answer.Content.ReadAsStreamAsync(), coding);
        using var reader = new StreamReader(unpacking);
        (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBeGreaterThanOrEqualTo(5_000);

        using var broken = new StringContent(lines, Encoding.UTF8, "application/x-ndjson") { Headers = { { "Content-Encoding", coding } } };
        (await node.SendAsync(HttpMethod.Post, "public/api/v1/fraud/score/predict-multi", broken)).ShouldFail(HttpStatusCode.BadRequest, "MalformedBody");
    }

    private static async Task<HttpResponseMessage> AskAsync(TestNode node, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, "public/api/v1/fraud/score/predict")) { Content = new StringContent(body) };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await node.Http.SendAsync(request);
    }

    private static string Many(int count) => $"{{\"items\":[{string.Join(',', Enumerable.Repeat(Body, count))}]}}";

    private static byte[] Pack(string text, string coding)
    {
        using var target = new MemoryStream();
        using (Stream packing = coding switch
               {
                   "gzip" => new GZipStream(target, CompressionLevel.Fastest),
                   "br" => new BrotliStream(target, CompressionLevel.Fastest),
                   _ => new ZLibStream(target, CompressionLevel.Fastest),
               })
            packing.Write(Encoding.UTF8.GetBytes(text));
        return target.ToArray();
    }

    private static Stream Unpack(Stream packed, string coding) => coding switch
    {
        "gzip" => new GZipStream(packed, CompressionMode.Decompress),
        "br" => new BrotliStream(packed, CompressionMode.Decompress),
        _ => new ZLibStream(packed, CompressionMode.Decompress),
    };
}
