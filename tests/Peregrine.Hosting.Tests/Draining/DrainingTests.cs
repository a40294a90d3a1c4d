using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Peregrine.Hosting.Draining;

namespace Peregrine.Hosting.Tests.Draining;

public sealed class DrainingTests
{
    [Fact]
    public async Task Shutdown_WhileWatched_FailsReadinessFirst_ThenLetsRunningRequestsEnd()
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var node = await TestNode.StartAsync(
            app => app.MapGet("/slow", async () =>
            {
                entered.SetResult();
                await release.Task;
                return "done";
            }),
            options: options => options.DrainDelay = TimeSpan.FromSeconds(2));
        (await node.Http.GetAsync("/readyz", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var slow = node.Http.GetStringAsync("/slow", TestContext.Current.CancellationToken);
        await entered.Task;

        var stopping = node.App.StopAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => node.App.Services.GetRequiredService<DrainState>().IsDraining);
        using (var ready = await node.Http.GetAsync("/readyz", TestContext.Current.CancellationToken))
            ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        using (var live = await node.Http.GetAsync("/livez", TestContext.Current.CancellationToken))
            live.StatusCode.ShouldBe(HttpStatusCode.OK);
        stopping.IsCompleted.ShouldBeFalse();

        release.SetResult();
        (await slow).ShouldBe("done");
        await stopping;
        await Should.ThrowAsync<HttpRequestException>(() => node.Http.GetAsync("/livez", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Drain_FailsReadinessBeforeItWaits()
    {
        await using var node = await TestNode.StartAsync(options: options => options.DrainDelay = TimeSpan.FromSeconds(3));
        (await node.Http.GetAsync("/readyz", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var drain = node.App.Services.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single(service => service.GetType().Name == "DrainService");

        var stopping = drain.StoppingAsync(TestContext.Current.CancellationToken);

        node.App.Services.GetRequiredService<DrainState>().IsDraining.ShouldBeTrue();
        stopping.IsCompleted.ShouldBeFalse();
        await stopping;
    }

    [Fact]
    public async Task Shutdown_WhenNobodyWatches_DoesNotWait()
    {
        await using var node = await TestNode.StartAsync(options: options => options.DrainDelay = TimeSpan.FromMinutes(5));

        await node.App.StopAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition()) await Task.Delay(5, deadline.Token);
    }
}
