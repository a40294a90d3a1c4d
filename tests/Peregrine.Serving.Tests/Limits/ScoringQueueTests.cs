using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Peregrine.Serving.Limits;

namespace Peregrine.Serving.Tests.Limits;

public sealed class ScoringQueueTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    public async Task TryEnqueue_AtTheLimit_RefusesExactlyTheNext(int threads, int length)
    {
        using var queue = Queue(options => (options.ScoringThreads, options.QueueLength) = (threads, length));
        using var release = new ManualResetEventSlim();
        var taken = new List<ScoringWork>();
        for (var i = 0; i < threads; i++) taken.Add(await BeginAsync(queue, release));
        for (var i = 0; i < length; i++)
        {
            var waiting = new Work(() => { });
            queue.TryEnqueue(waiting).ShouldBeNull();
            taken.Add(waiting);
        }

        queue.Refusal().ShouldBe(LimitFaults.QueueFull);
        queue.TryEnqueue(new Work(() => { })).ShouldBe(LimitFaults.QueueFull);
        release.Set();
        foreach (var work in taken) (await work.Ended.WaitAsync(s_deadline)).ShouldBe(WorkEnd.Done);
        queue.TryEnqueue(new Work(() => { })).ShouldBeNull();
    }

    [Fact]
    public async Task TryEnqueue_MoreWorkAheadThanTheWaitAllows_RefusesAtOnce()
    {
        using var queue = Queue(options => (options.ScoringThreads, options.QueueWait) = (1, TimeSpan.FromMilliseconds(200)));
        using var release = new ManualResetEventSlim();
        // It learns that 1,000 bytes take at least 20 ms.
        var lesson = new Work(() => Spin(TimeSpan.FromMilliseconds(20)), bytes: 1_000);
        queue.TryEnqueue(lesson).ShouldBeNull();
        await lesson.Ended.WaitAsync(s_deadline);
        await BeginAsync(queue, release);
        for (var i = 0; i < 4; i++) queue.TryEnqueue(new Work(() => { }, bytes: 1_000_000)).ShouldBeNull("four may always wait");
        queue.TryEnqueue(new Work(() => { }, bytes: 1)).ShouldBe(LimitFaults.QueueWait);
        release.Set();
    }

    [Fact]
    public async Task Work_ThatWaitedTooLong_IsNotBegun()
    {
        using var queue = Queue(options => (options.ScoringThreads, options.QueueWait) = (1, TimeSpan.FromMilliseconds(1)));
        using var release = new ManualResetEventSlim();
        await BeginAsync(queue, release);
        var ran = false;
        var late = new Work(() => ran = true);
        queue.TryEnqueue(late).ShouldBeNull();
        var queued = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(queued) < TimeSpan.FromMilliseconds(5)) await Task.Yield();
        release.Set();
        (await late.Ended.WaitAsync(s_deadline)).ShouldBe(WorkEnd.WaitedTooLong);
        ran.ShouldBeFalse();
    }

    [Fact]
    public async Task Work_PastItsDeadlineOrAbandoned_IsNotBegun()
    {
        using var queue = Queue(options => options.ScoringThreads = 1);
        using var release = new ManualResetEventSlim();
        using var gone = new CancellationTokenSource();
        await BeginAsync(queue, release);
        var late = new Work(() => throw new InvalidOperationException("begun"), deadline: Stopwatch.GetTimestamp());
        var lost = new Work(() => throw new InvalidOperationException("begun"), abandoned: gone.Token);
        queue.TryEnqueue(late).ShouldBeNull();
        queue.TryEnqueue(lost).ShouldBeNull();
        await gone.CancelAsync();
        release.Set();
        (await late.Ended.WaitAsync(s_deadline)).ShouldBe(WorkEnd.PastDeadline);
        (await lost.Ended.WaitAsync(s_deadline)).ShouldBe(WorkEnd.Abandoned);
    }

    [Fact]
    public async Task Work_ThatThrows_FailsItsOwnTaskAndNotTheThread()
    {
        using var queue = Queue(options => options.ScoringThreads = 1);
        var bad = new Work(() => throw new InvalidOperationException("broken"));
        queue.TryEnqueue(bad).ShouldBeNull();
        (await Should.ThrowAsync<InvalidOperationException>(() => bad.Ended.WaitAsync(s_deadline))).Message.ShouldBe("broken");
        var good = new Work(() => { });
        queue.TryEnqueue(good).ShouldBeNull();
        (await good.Ended.WaitAsync(s_deadline)).ShouldBe(WorkEnd.Done);
    }

    [Fact]
    public async Task Dispose_WithWorkWaiting_EndsItAsAbandoned()
    {
        var queue = Queue(options => options.ScoringThreads = 1);
        using var release = new ManualResetEventSlim();
        var running = await BeginAsync(queue, release);
        var waiting = new Work(() => { });
        queue.TryEnqueue(waiting).ShouldBeNull();
        queue.Dispose();
        (await waiting.Ended.WaitAsync(s_deadline)).ShouldBe(WorkEnd.Abandoned);
        release.Set();
        (await running.Ended.WaitAsync(s_deadline)).ShouldBe(WorkEnd.Done);
        var after = new Work(() => { });
        queue.TryEnqueue(after);
        (await after.Ended.WaitAsync(s_deadline)).ShouldBe(WorkEnd.Abandoned);
    }

    [Fact]
    public void Overload_OfAQueueThatStands_LastsUntilNothingWasRefusedForAWhile()
    {
        var after = TimeSpan.FromMilliseconds(100);
        var overload = new Overload(after);
        var second = Stopwatch.Frequency;
        overload.Lasts(second, waiting: 0).ShouldBeFalse();
        overload.Lasts(second + (second / 20), waiting: 4).ShouldBeFalse("a burst of 50 ms");
        overload.Lasts(second + (second / 5), waiting: 4).ShouldBeTrue("a queue that stands for 200 ms");
        overload.Refused(second + (second / 4));
        overload.Lasts(second + (second / 2), waiting: 0).ShouldBeTrue("250 ms after the last refusal");
        overload.Lasts(2 * second, waiting: 3).ShouldBeFalse("750 ms after the last refusal");
    }

    private static ScoringQueue Queue(Action<LimitOptions> configure)
    {
        var options = new LimitOptions { OverloadedAfter = TimeSpan.FromMinutes(10) };
        configure(options);
        var services = new ServiceCollection().AddMetrics().AddSingleton<LimitMetrics>().BuildServiceProvider();
        return new ScoringQueue(Options.Create(options), services.GetRequiredService<LimitMetrics>());
    }

    /// <summary>Work that is being run until the event is set.</summary>
    private static async Task<ScoringWork> BeginAsync(ScoringQueue queue, ManualResetEventSlim release)
    {
        while (true)
        {
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var work = new Work(() =>
            {
                begun.SetResult();
                release.Wait(s_deadline);
            });
            queue.TryEnqueue(work).ShouldBeNull();
            // A queue that waits for a millisecond only may give it up before its thread is there.
            if (await Task.WhenAny(begun.Task, work.Ended).WaitAsync(s_deadline) == begun.Task) return work;
        }
    }

    private static void Spin(TimeSpan time)
    {
        var from = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(from) < time) Thread.SpinWait(10);
    }

    private sealed class Work(Action run, long bytes = 0, long deadline = 0, CancellationToken abandoned = default) : ScoringWork(bytes, deadline, abandoned)
    {
        protected override void Execute() => run();
    }
}
