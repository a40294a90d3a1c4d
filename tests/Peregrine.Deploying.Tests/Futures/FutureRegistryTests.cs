using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Hosting.Futures;

namespace Peregrine.Deploying.Tests.Futures;

public sealed partial class FutureRegistryTests
{
    [Fact]
    public async Task Poll_RunningThenDone_AnswersTheResultSeveralTimes()
    {
        await using var app = await FuturesApp.StartAsync();
        var gate = new TaskCompletionSource();
        var future = app.Registry.Start(new FutureRequest("Count", "ci"), async (scope, stop) =>
        {
            scope.Advance(0.5, "half");
            scope.Log("one line");
            await gate.Task.WaitAsync(stop);
            return new Answer(42);
        }, TestJson.Default.Answer);

        var running = await GetAsync(app, $"/dip/publicapi/futures/{future.Id}?peek=False");
        running.GetProperty("jobId").GetString().ShouldBe(future.Id);
        running.GetProperty("hasResult").GetBoolean().ShouldBeFalse();
        running.TryGetProperty("result", out _).ShouldBeFalse();

        gate.SetResult();
        await future.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        foreach (var path in (string[])["/dip/publicapi/futures/{0}?peek=False", "/public/api/futures/{0}", "/public/api/futures/{0}/"])
        {
            var done = await GetAsync(app, path.Replace("{0}", future.Id, StringComparison.Ordinal));
            done.GetProperty("hasResult").GetBoolean().ShouldBeTrue();
            done.GetProperty("result").GetProperty("value").GetInt32().ShouldBe(42);
            done.GetProperty("progress").GetProperty("fraction").GetDouble().ShouldBe(0.5);
            done.GetProperty("progress").GetProperty("log")[0].GetString().ShouldBe("one line");
        }
    }

    [Fact]
    public async Task Poll_FailedJob_EndsTheLoopWithAnErrorAnswer()
    {
        await using var app = await FuturesApp.StartAsync();
        var future = app.Registry.Start<Answer>(new FutureRequest("Fail"), (_, _) => throw new InvalidOperationException("no"), TestJson.Default.Answer);
        await future.Completion.WaitAsync(TimeSpan.FromSeconds(10));

        var poll = await app.Http.GetAsync(new Uri($"/dip/publicapi/futures/{future.Id}?peek=False", UriKind.Relative));
        ((int)poll.StatusCode).ShouldBeGreaterThanOrEqualTo(400);
        var peek = await GetAsync(app, $"/dip/publicapi/futures/{future.Id}?peek=True");
        peek.GetProperty("hasResult").GetBoolean().ShouldBeTrue();
        peek.GetProperty("status").GetString().ShouldBe("FAILED");
    }

    [Fact]
    public async Task Delete_RunningJob_AbortsIt()
    {
        await using var app = await FuturesApp.StartAsync();
        var future = app.Registry.Start(new FutureRequest("Wait"), async (_, stop) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            return new Answer(0);
        }, TestJson.Default.Answer);

        (await app.Http.DeleteAsync(new Uri($"/dip/publicapi/futures/{future.Id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await future.Completion.WaitAsync(TimeSpan.FromSeconds(10));

        future.Status.ShouldBe(FutureStatus.Aborted);
        var poll = await app.Http.GetAsync(new Uri($"/dip/publicapi/futures/{future.Id}", UriKind.Relative));
        poll.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await poll.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errorType").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Find_PastTheRetention_ForgetsTheFinishedJobOnly()
    {
        await using var app = await FuturesApp.StartAsync();
        var gate = new TaskCompletionSource();
        var running = app.Registry.Start(new FutureRequest("Wait"), async (_, stop) =>
        {
            await gate.Task.WaitAsync(stop);
            return new Answer(0);
        }, TestJson.Default.Answer);
        var done = app.Registry.Start(new FutureRequest("Done"), (_, _) => Task.FromResult(new Answer(1)), TestJson.Default.Answer);
        await done.Completion.WaitAsync(TimeSpan.FromSeconds(10));

        app.Time.Advance(TimeSpan.FromMinutes(59));
        app.Registry.Find(done.Id).ShouldNotBeNull();
        app.Time.Advance(TimeSpan.FromMinutes(2));
        app.Registry.Find(done.Id).ShouldBeNull();
        app.Registry.Find(running.Id).ShouldNotBeNull();
        (await app.Http.GetAsync(new Uri($"/dip/publicapi/futures/{done.Id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        gate.SetResult();
    }

    [Fact]
    public async Task Stop_WithARunningJob_AbortsAndWaits()
    {
        var app = await FuturesApp.StartAsync();
        var future = app.Registry.Start(new FutureRequest("Wait"), async (_, stop) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            return new Answer(0);
        }, TestJson.Default.Answer);

        await app.Registry.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

        future.Status.ShouldBe(FutureStatus.Aborted);
        await app.DisposeAsync();
    }

    private static Task<JsonElement> GetAsync(FuturesApp app, string path) =>
        app.Http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    internal sealed record Answer(int Value);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Answer))]
    internal sealed partial class TestJson : JsonSerializerContext;
}
