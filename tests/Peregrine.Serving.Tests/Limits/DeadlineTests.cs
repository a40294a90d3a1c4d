using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Peregrine.Serving.Limits;
using Peregrine.Serving.OpenInference;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;
using Peregrine.Serving.Tests.OpenInference;

namespace Peregrine.Serving.Tests.Limits;

public sealed class DeadlineTests
{
    [Theory]
    [InlineData("250", 250)]
    [InlineData("1", 1)]
    [InlineData("600000", 600_000)]
    public void Read_FromTheHeader_IsMillisecondsFromTheStart(string given, long milliseconds)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers["X-Request-Timeout-Ms"] = given;
        Deadlines().Read(request, PredictionCall.Predict, 1_000, out var deadline).ShouldBeNull();
        deadline.ShouldBe(1_000 + (milliseconds * Stopwatch.Frequency / 1_000));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1.5")]
    [InlineData("600001")]
    [InlineData("soon")]
    [InlineData("")]
    public async Task Timeout_ThatIsNone_IsRefused(string given)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var answer = await AskAsync(node, $"fraud/score/predict?timeout={given}", $$"""{"features":{{TestPackage.GoodFeatures}}}""");
        answer.ShouldFail(HttpStatusCode.BadRequest, "BadTimeout");
    }

    [Fact]
    public void Read_OfPredictSimple_LeavesItsParametersAlone()
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString("?timeout=7");
        Deadlines().Read(request, PredictionCall.PredictSimple, 1, out var deadline).ShouldBeNull();
        deadline.ShouldBe(0);
        Deadlines().Read(request, PredictionCall.PredictMulti, 1, out deadline).ShouldBeNull();
        deadline.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Request_StillQueuedAtItsDeadline_IsAnswered504WithoutBeingScored()
    {
        await using var node = await new ApiNodeBuilder().WithService().WithLimits(options => (options.BulkBytes, options.ScoringThreads) = (1, 1)).StartAsync();
        using var release = new ManualResetEventSlim();
        var queue = node.Services.GetRequiredService<ScoringQueue>();
        queue.TryEnqueue(new Blocker(release)).ShouldBeNull();
        // Until the thread has taken the blocker, it is the blocker that waits.
        while (queue.Running == 0) await Task.Delay(2);
        var asking = AskAsync(node, "fraud/score/predict?timeout=1", $$"""{"features":{{TestPackage.GoodFeatures}}}""");
        while (queue.Waiting == 0 && !asking.IsCompleted) await Task.Delay(2);
        await Task.Delay(3);
        release.Set();
        (await asking).ShouldFail(HttpStatusCode.GatewayTimeout, "DeadlineExceeded");
    }

    [Fact]
    public async Task Batch_PastItsDeadline_StopsBetweenRecords()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var engine = node.Services.GetRequiredService<PredictionEngine>();
        var route = node.Services.GetRequiredService<NodeState>().Current.Find("/public/api/v1/fraud/score/predict-multi")!.Endpoint;
        var body = Encoding.UTF8.GetBytes($"{{\"items\":[{string.Join(',', Enumerable.Repeat($"{{\"features\":{TestPackage.GoodFeatures}}}", 500))}]}}");
        var started = Stopwatch.GetTimestamp();
        var output = Utf8Output.Rent();
        var report = default(PredictionReport);
        engine.PredictMulti(route, body, new Caller(CallerKey.Anyone, null, started) { Deadline = started + 1 }, output, ref report).ShouldBe(LimitFaults.DeadlineExceeded);
        engine.PredictMulti(route, body, new Caller(CallerKey.Anyone, null, started) { Deadline = started + (60 * Stopwatch.Frequency) }, output, ref report).ShouldBeNull();
        report.Rows.ShouldBe(500);
    }

    [Fact]
    public async Task Columns_PastTheirDeadline_StopBetweenRecords()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Model = TestModels.Wide(1), Sample = """{"f0":1}""" }).StartAsync();
        var engine = node.Services.GetRequiredService<PredictionEngine>();
        var route = node.Services.GetRequiredService<NodeState>().Current.Find("/public/api/v1/fraud/score/predict-multi")!.Endpoint;
        var body = Encoding.UTF8.GetBytes($"{{\"columns\":{{\"f0\":[{string.Join(',', Enumerable.Repeat("1", 500))}]}}}}");
        var started = Stopwatch.GetTimestamp();
        var output = Utf8Output.Rent();
        var report = default(PredictionReport);
        engine.PredictMulti(route, body, new Caller(CallerKey.Anyone, null, started) { Deadline = started + 1 }, output, ref report).ShouldBe(LimitFaults.DeadlineExceeded);
        engine.PredictMulti(route, body, new Caller(CallerKey.Anyone, null, started) { Deadline = started + (60 * Stopwatch.Frequency) }, output, ref report).ShouldBeNull();
        report.Rows.ShouldBe(500);
    }

    [Fact]
    public async Task Infer_PastItsDeadline_StopsBetweenRecords()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var engine = node.Services.GetRequiredService<InferEngine>();
        var route = node.Services.GetRequiredService<NodeState>().Current.Find("/v2/models/fraud.score/infer")!.Endpoint;
        var body = Encoding.UTF8.GetBytes(new InferRecords(500, 3).Json().ToJsonString());
        var started = Stopwatch.GetTimestamp();
        var output = Utf8Output.Rent();
        var work = InferWorkspace.Rent();
        var report = default(PredictionReport);
        var late = new Caller(CallerKey.Anyone, null, started) { Deadline = started + 1 };
        engine.InferRest(route, null, body, body.Length, late, work, output, ref report).ShouldBe(LimitFaults.DeadlineExceeded);
        work = InferWorkspace.Rent();
        var inTime = new Caller(CallerKey.Anyone, null, started) { Deadline = started + (60 * Stopwatch.Frequency) };
        engine.InferRest(route, null, body, body.Length, inTime, work, output, ref report).ShouldBeNull();
        report.Rows.ShouldBe(500);
    }

    private static RequestDeadline Deadlines() => new(Options.Create(new LimitOptions()));

    private static Task<Answer> AskAsync(TestNode node, string path, string body) => node.PredictAsync(body, path);
}
