using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Serving.Changes;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Tests.Snapshots;

public sealed class SwitchTests
{
    private static readonly TestPackage s_first = new() { Authorization = TestPackage.ByKey() };

    private static readonly TestPackage s_second = new()
    {
        Version = "v2", Model = TestModels.Binary(bias: 2), Authorization = TestPackage.ByKey(), CreatedOn = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero),
    };

    [Fact]
    public async Task Switch_FiftyTimesUnderLoad_FailsNoRequestAndMixesNoGenerations()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_first).WithGeneration(s_second).StartAsync();
        var expected = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["v1"] = s_first.Expected(TestPackage.GoodFeatures), ["v2"] = s_second.Expected(TestPackage.GoodFeatures),
        };
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(_ => CallUntilAsync(node, expected, stop.Token)).ToArray();
        for (var i = 0; i < 50; i++)
        {
            await node.SwitchAsync(i % 2 == 0 ? "v2" : "v1");
            if (i % 10 == 5) await node.MapAsync("""{"entries":[{"generation":"v1","proba":0.5},{"generation":"v2","proba":0.5}]}""");
        }

        await stop.CancelAsync();
        var answered = await Task.WhenAll(callers);
        answered.Sum().ShouldBeGreaterThan(50);
        var changes = node.Services.GetRequiredService<GenerationLife>();
        await WaitUntilAsync(() => !changes.IsDraining("fraud", "v1") && !changes.IsDraining("fraud", "v2"));
    }

    [Fact]
    public async Task Switch_LetsTheOldGenerationGo()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_first).WithGeneration(s_second).StartAsync();
        var old = WeakLoaded(node);
        await node.SwitchAsync("v2");
        await WaitUntilAsync(() =>
        {
            GC.Collect();
            return !old.TryGetTarget(out _);
        });
        ((string?)(await node.GenerationAsync("v1"))["state"]).ShouldBe("AVAILABLE");
        ((string?)(await node.GenerationAsync("v2"))["state"]).ShouldBe("READY");
    }

    [Fact]
    public async Task Switch_WhileARequestHoldsTheOldGeneration_DrainsItFirst()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_first).WithGeneration(s_second).StartAsync();
        var held = node.Services.GetRequiredService<NodeState>().Current.Services["fraud"].Targets[0];
        held.TryAcquire().ShouldBeTrue();
        await node.SwitchAsync("v2");
        ((string?)(await node.GenerationAsync("v1"))["state"]).ShouldBe("DRAINING");
        held.Release();
        ((string?)(await node.GenerationAsync("v1"))["state"]).ShouldBe("AVAILABLE");
        held.TryAcquire().ShouldBeFalse();
    }

    [Fact]
    public async Task Switch_ToAPackageDamagedOnDisk_IsRefusedAndTheOldOneGoesOn()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_first).WithGeneration(s_second).StartAsync();
        await File.WriteAllBytesAsync(Path.Combine(node.Folder, "services/fraud/generations/v2.zip"), s_second.Write()[..500]);
        var answer = await node.TryAdminAsync(HttpMethod.Post, "services/fraud/actions/switchTo/v2");
        answer.ShouldFail(HttpStatusCode.UnprocessableEntity, "GenerationUnusable").Detail.ShouldContain("v2");
        (await node.PredictAsync($$"""{"features":{{TestPackage.GoodFeatures}}}""", key: TestPackage.Key)).ShouldSucceed().Generation.ShouldBe("v1");
        var service = await node.AdminAsync(HttpMethod.Get, "services/fraud");
        ((string?)service!["mapping"]!["entries"]![0]!["generation"]).ShouldBe("v1");
    }

    [Fact]
    public async Task Switch_ToUnknownGeneration_Is404AndChangesNothing()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.TryAdminAsync(HttpMethod.Post, "services/fraud/actions/switchTo/v7")).ShouldFail(HttpStatusCode.NotFound, "GenerationNotFound");
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
    }

    [Fact]
    public async Task Switch_ToAVersionWithOtherKeys_ClosesTheOldKeyAtOnce()
    {
        var other = new TestPackage { Version = "v2", Authorization = TestPackage.ByKey("key-2", "pgn_another-key") };
        await using var node = await new ApiNodeBuilder().WithService(package: s_first).WithGeneration(other).StartAsync();
        var body = $$"""{"features":{{TestPackage.GoodFeatures}}}""";
        (await node.PredictAsync(body, key: TestPackage.Key)).ShouldSucceed();
        await node.SwitchAsync("v2");
        (await node.PredictAsync(body, key: TestPackage.Key)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await node.PredictAsync(body, key: "pgn_another-key")).ShouldSucceed();
    }

    [Fact]
    public async Task SwitchToNewest_TakesTheOneThatWasPackagedLast()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_second).WithGeneration(s_first).StartAsync();
        await node.SwitchAsync("v1");
        ((string?)(await node.AdminAsync(HttpMethod.Post, "services/fraud/actions/switchToNewest"))!["generation"]).ShouldBe("v2");
    }

    [Fact]
    public async Task Request_ThatCameBeforeItsServiceWasSwitchedOn_IsToldToTryAgain()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage()).StartAsync();
        foreach (var path in (string[])["/public/api/v1/fraud/score/predict", "/v2/models/fraud.score/infer"])
        {
            var context = new DefaultHttpContext { RequestServices = node.Services };
            context.Response.Body = new MemoryStream();
            await node.Services.GetRequiredService<UnusualPaths>().AnswerAsync(context, path, node.Services.GetRequiredService<NodeState>().Current);
            context.Response.StatusCode.ShouldBe(StatusCodes.Status503ServiceUnavailable, path);
            context.Response.Headers.RetryAfter.ToString().ShouldBe("1");
        }
    }

    [Fact]
    public async Task Request_ThatItsServiceOvertakes_IsAnsweredByWhatHeldWhenItCame()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage()).StartAsync();
        await node.AdminAsync(HttpMethod.Post, "services/fraud/actions/disable");
        var off = node.Services.GetRequiredService<NodeState>().Current;
        await node.AdminAsync(HttpMethod.Post, "services/fraud/actions/enable");
        var context = new DefaultHttpContext { RequestServices = node.Services };
        context.Response.Body = new MemoryStream();
        await node.Services.GetRequiredService<UnusualPaths>().AnswerAsync(context, "/public/api/v1/fraud/score/predict", off);
        context.Response.StatusCode.ShouldBe(StatusCodes.Status503ServiceUnavailable);
    }

    [Theory]
    [InlineData("/public/api/v1/fraud/score/predict")]
    [InlineData("/v2/models/fraud.score/infer")]
    public async Task Request_WhoseServiceGoesBetweenTwoLooks_GetsAnErrorAndNotNothing(string path)
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage()).StartAsync();
        var api = node.Services.GetRequiredService<UserApi>();
        api.Serves(path).ShouldBeTrue();
        await node.AdminAsync(HttpMethod.Post, "services/fraud/actions/disable");
        var context = new DefaultHttpContext { RequestServices = node.Services };
        context.Request.Path = path;
        context.Request.Method = HttpMethods.Post;
        using var body = new MemoryStream();
        context.Response.Body = body;
        await api.AnswerAsync(context);
        context.Response.StatusCode.ShouldBe(StatusCodes.Status503ServiceUnavailable);
        body.Length.ShouldBeGreaterThan(0);
    }

    private static WeakReference<object> WeakLoaded(TestNode node) =>
        new(node.Services.GetRequiredService<NodeState>().Current.Services["fraud"].Targets[0]);

    private static async Task<int> CallUntilAsync(TestNode node, Dictionary<string, string> expected, CancellationToken stop)
    {
        var answered = 0;
        while (!stop.IsCancellationRequested)
        {
            var answer = (await node.PredictAsync($$"""{"features":{{TestPackage.GoodFeatures}}}""", key: TestPackage.Key)).ShouldSucceed();
            answer.Result.ShouldBe(expected[answer.Generation!]);
            answered++;
        }

        return answered;
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition()) await Task.Delay(10, deadline.Token);
    }
}
