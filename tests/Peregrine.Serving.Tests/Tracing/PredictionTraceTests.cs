using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Peregrine.Serving.Tracing;

namespace Peregrine.Serving.Tests.Tracing;

public sealed class PredictionTraceTests
{
    [Fact]
    public async Task Predict_WithASampledParent_MakesASpanPerStageBelowIt()
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PredictionTrace.SourceName,
            Sample = (ref options) => options.Parent.TraceId.ToHexString() == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        node.Http.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-b7ad6b7169203331-01");
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();

        var root = spans.Single(span => span.Kind == ActivityKind.Server);
        root.ParentSpanId.ToHexString().ShouldBe("b7ad6b7169203331");
        root.GetTagItem("peregrine.generation").ShouldBe("v1");
        var stages = spans.Where(span => span.ParentSpanId == root.SpanId).ToList();
        stages.Select(stage => stage.OperationName).ShouldBe(["authorise", "bind", "score", "write"]);
        stages.Zip(stages.Skip(1)).ShouldAllBe(pair => Math.Abs((pair.First.StartTimeUtc + pair.First.Duration - pair.Second.StartTimeUtc).Ticks) <= 1);
        stages[^1].StartTimeUtc.ShouldBeLessThanOrEqualTo(root.StartTimeUtc + root.Duration);
    }

    [Fact]
    public async Task Otlp_WithACollector_GetsMetricsAndTraces()
    {
        var calls = new ConcurrentDictionary<string, string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.MapPost("/v1/{kind}", async (string kind, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            calls.AddOrUpdate(kind, _ => Encoding.Latin1.GetString(body.ToArray()), (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
        });
        await collector.StartAsync();
        await using (var node = await new ApiNodeBuilder().WithService().WithSetting("Peregrine:Telemetry:OtlpEndpoint", collector.Urls.First())
            .WithSetting("Peregrine:Telemetry:OtlpOverHttp", "true").WithSetting("Peregrine:Telemetry:TraceSampleRatio", "1").StartAsync())
            (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();

        calls.Keys.Order().ShouldBe(["metrics", "traces"]);
        calls["metrics"].ShouldContain("peregrine.inference.requests");
        calls["metrics"].ShouldContain("peregrine.inference.stage.time");
        calls["traces"].ShouldContain("score");
        calls["traces"].ShouldContain("peregrine.generation");
    }

    [Fact]
    public async Task TraceSampleRatio_WithoutACollector_StopsTheStart() => (await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(
        () => new ApiNodeBuilder().WithSetting("Peregrine:Telemetry:TraceSampleRatio", "0.5").StartAsync())).Message.ShouldContain("OtlpEndpoint");
}
