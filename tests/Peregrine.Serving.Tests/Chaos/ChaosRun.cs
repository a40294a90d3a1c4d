using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>
/// Random actions on several services, random traffic on them, and ends of the node, all at once. Every status of an action, every state that the node tells and every
/// answer to a caller is compared with the model of what was allowed at that time.
/// </summary>
internal sealed class ChaosRun(ChaosNode node, ChaosPlan plan) : IDisposable
{
    private readonly Dictionary<string, ServiceTimeline> _services = plan.Services.ToDictionary(service => service, service => new ServiceTimeline(service), StringComparer.Ordinal);
    private readonly SemaphoreSlim _acting = new(plan.Services.Length);
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly Lock _gate = new();
    private readonly List<(long From, long To)> _downs = [];
    private int _answers;
    private int _streams;
    private int _cutStreams;
    private long _shadowed;
    private int _actions;
    private int _unanswered;

    /// <summary>Ends with what was done; throws with seed and history when anything was not allowed.</summary>
    public async Task<string> RunAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        await node.StartAsync();
        var keys = new ChaosKeys(node, WasDown, fault => _faults.Enqueue($"seed {plan.Seed}, {fault}"));
        await keys.SetUpAsync();
        var work = plan.Services.Select((service, i) => Task.Run(() => ActAsync(_services[service], new Random(plan.Seed + i))))
            .Concat(Enumerable.Range(0, plan.Callers).Select(i => Task.Run(() => CallAsync(new Random(plan.Seed + 1000 + i)))))
            .Concat(Enumerable.Range(0, plan.Streams).Select(i => Task.Run(() => StreamAsync(new Random(plan.Seed + 2000 + i)))))
            .Concat(Enumerable.Range(0, plan.KeyCallers).Select(i => Task.Run(() => RepeatAsync(new Random(plan.Seed + 3000 + i), keys.CallAsync, longestPause: 1))))
            .Append(Task.Run(() => RepeatAsync(new Random(plan.Seed + 4000), keys.ActAsync, longestPause: 30))).ToList();
        try
        {
            await EndAndStartAsync(new Random(plan.Seed + 500));
        }
        finally
        {
            await _over.CancelAsync();
            await Task.WhenAll(work);
        }

        if (_faults.IsEmpty) await CheckShadowsAsync();
        if (_faults.IsEmpty) await CheckLitterAsync();
        var told = FormattableString.Invariant(
            $"seed {plan.Seed}: {_actions} actions, {_unanswered} of them cut off, {_answers} answers, {_streams} whole streams, {_cutStreams} cut off, {_shadowed} records compared by shadows, {keys.Told}, {plan.Ends} ends of the node, {Down.TotalSeconds:F1} s of {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s down");
        _faults.ShouldBeEmpty(told);
        _answers.ShouldBeGreaterThan(100, told);
        return told;
    }

    public void Dispose()
    {
        _acting.Dispose();
        _over.Dispose();
    }

    private TimeSpan Down
    {
        get
        {
            lock (_gate) return TimeSpan.FromSeconds(_downs.Sum(down => (double)(down.To - down.From)) / Stopwatch.Frequency);
        }
    }

    private bool IsOver => _over.IsCancellationRequested || !_faults.IsEmpty;

    /// <summary>One service's operator: one action after the other.</summary>
    private async Task ActAsync(ServiceTimeline service, Random random)
    {
        for (var number = 0; !IsOver; number++)
        {
            await _acting.WaitAsync();
            try
            {
                // What was cut off is looked up after the start before anything else is done.
                if (service.Uncertain is null) await GuardAsync(service, () => ActOnceAsync(service, ChaosAction.Draw(random, service.Current, number)));
            }
            finally
            {
                _acting.Release();
            }

            if (service.Uncertain is not null || random.Next(3) == 0) await Task.Delay(random.Next(8));
        }
    }

    private async Task ActOnceAsync(ServiceTimeline service, ChaosAction action)
    {
        var expected = ChaosRules.Apply(service.Current, service.Damaged, action);
        service.Begin(action, expected);
        try
        {
            var status = await action.DoAsync(node, service.Service);
            status.ShouldBe(expected.Status, $"status of {action}");
            (await node.DescribeAsync(service.Service)).ShouldBe(expected.After.Describe(), $"after {action}");
        }
        catch (Exception cut) when (plan.Kills && cut is HttpRequestException or IOException)
        {
            // Killed meanwhile: what came of it is looked up after the start.
            Interlocked.Increment(ref _unanswered);
            return;
        }

        service.Damaged = expected.Damaged;
        service.Settle(expected.After);
        Interlocked.Increment(ref _actions);
    }

    private async Task CallAsync(Random random)
    {
        while (!IsOver)
        {
            var query = ChaosQuery.Draw(random, plan.Services);
            var service = _services[query.Service];
            var from = Stopwatch.GetTimestamp();
            try
            {
                var (status, text) = await query.AskAsync(node);
                var to = Stopwatch.GetTimestamp();
                if (status != 200 && WasDown(from, to)) continue;
                Interlocked.Increment(ref _answers);
                if (query.Fault(status, text, service.Between(from, to)) is { } fault) Report(service, $"{query} was answered {fault}:\n{text}");
            }
            catch (Exception cut) when (cut is HttpRequestException or IOException && WasDown(from, Stopwatch.GetTimestamp()))
            {
                await Task.Delay(5);
            }
            catch (Exception fault)
            {
                Report(service, $"{query}: {fault}");
            }
        }
    }

    /// <summary>One caller's streams, one after the other.</summary>
    private async Task StreamAsync(Random random)
    {
        while (!IsOver)
        {
            var stream = ChaosStream.Draw(random, plan.Services);
            var service = _services[stream.Service];
            using var body = stream.Body(random);
            var from = Stopwatch.GetTimestamp();
            try
            {
                var (status, text) = await node.StreamAsync(stream, body);
                var to = Stopwatch.GetTimestamp();
                if (status != 200 && WasDown(from, to)) continue;
                if (status == 200) Interlocked.Increment(ref _streams);
                // The generation is picked before the body is read, and kept to the end.
                var picked = body.Began > 0 ? body.Began : to;
                if (stream.Fault(status, text, service.Between(from, picked)) is { } fault) Report(service, $"{stream} was answered {status} {fault}:\n{text[..Math.Min(text.Length, 1_000)]}");
            }
            catch (Exception cut) when (cut is HttpRequestException or IOException && WasDown(from, Stopwatch.GetTimestamp()))
            {
                if (body.Began > 0) Interlocked.Increment(ref _cutStreams);
                await Task.Delay(5);
            }
            catch (Exception fault)
            {
                Report(service, $"{stream}: {fault}");
            }
        }
    }

    private async Task RepeatAsync(Random random, Func<Random, Task> work, int longestPause)
    {
        while (!IsOver)
        {
            await work(random);
            await Task.Delay(random.Next(longestPause + 1));
        }
    }

    private async Task EndAndStartAsync(Random random)
    {
        for (var end = 0; end < plan.Ends && !IsOver; end++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100, (int)plan.MostPause.TotalMilliseconds)));
            if (!plan.Kills) await StopActionsAsync();
            if (!plan.Kills) await NoteShadowsAsync();
            if (!plan.Kills && random.Next(3) == 0) await CleanAsync();
            lock (_gate) _downs.Add((Stopwatch.GetTimestamp(), long.MaxValue));
            if (plan.Kills)
            {
                await node.EndAsync();
                await StopActionsAsync();
            }

            foreach (var service in _services.Values) Foresee(service);
            if (!plan.Kills) await node.EndAsync();
            await node.StartAsync();
            foreach (var service in _services.Values) await GuardAsync(service, () => TakeUpAsync(service));
            lock (_gate) _downs[^1] = (_downs[^1].From, Stopwatch.GetTimestamp());
            _acting.Release(plan.Services.Length);
        }

        await Task.Delay(plan.MostPause);
    }

    private async Task StopActionsAsync()
    {
        foreach (var _ in plan.Services) await _acting.WaitAsync();
    }

    /// <summary>From the start on, callers may be answered out of these.</summary>
    private void Foresee(ServiceTimeline service)
    {
        foreach (var candidate in Candidates(service)) service.Expect(candidate);
    }

    /// <summary>The last state that was acknowledged, and the one that was being acknowledged; the disk says which packages are sound.</summary>
    private IEnumerable<ServiceModel> Candidates(ServiceTimeline service)
    {
        var states = service.Uncertain is { } uncertain ? [service.Current, uncertain.After] : new[] { service.Current };
        return states.Select(state => ChaosRules.Restarted(state, DamagedOnDisk(state)));
    }

    private ImmutableHashSet<string> DamagedOnDisk(ServiceModel state) => [.. state.Generations.Keys.Where(generation => !node.IsSound(state.Id, generation))];

    /// <summary>After a start the node serves one of the candidates, and nothing between.</summary>
    private async Task TakeUpAsync(ServiceTimeline service)
    {
        var candidates = Candidates(service).ToList();
        var told = await node.DescribeAsync(service.Service);
        var found = candidates.Find(candidate => candidate.Describe() == told);
        if (found is null) throw new InvalidOperationException($"After a start {service.Service} is\n{told}\nand should be\n{string.Join("\nor\n", candidates.Select(candidate => candidate.Describe()))}");
        service.Damaged = DamagedOnDisk(found);
        service.Settle(found, "start");
    }

    private async Task CleanAsync()
    {
        var after = _services.Values.ToDictionary(service => service, service => ChaosRules.Cleaned(service.Current));
        foreach (var (service, state) in after) service.Expect(state);
        (await node.AskAsync(HttpMethod.Delete, "/admin/api/services-clean-unused")).ShouldBe(200);
        foreach (var (service, state) in after)
        {
            await GuardAsync(service, async () => (await node.DescribeAsync(service.Service)).ShouldBe(state.Describe(), "after clean-unused"));
            service.Damaged = service.Damaged.Intersect(state.Generations.Keys);
            service.Settle(state, "clean-unused");
        }
    }

    /// <summary>Once nothing waits, every record that a shadow was to get has come to something.</summary>
    private async Task CheckShadowsAsync()
    {
        var patience = Stopwatch.StartNew();
        for (;;)
        {
            var (report, records) = await ShadowsAsync();
            var sum = (long)records["compared"]! + (long)records["failed"]! + (long)records["own"]! + (long)records["dropped"]!["queueFull"]! + (long)records["dropped"]!["released"]!;
            if (sum == (long)records["offered"]! && (int)report["queue"]!["waiting"]! == 0 && (long)report["queue"]!["waitingBytes"]! == 0) break;
            patience.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), $"seed {plan.Seed}: what shadows were to get does not add up: {report["queue"]} {records}");
            await Task.Delay(20);
        }

        await NoteShadowsAsync();
    }

    private async Task NoteShadowsAsync()
    {
        var (report, records) = await ShadowsAsync();
        // All generations have one schema: no shadow has a reason to fail.
        ((long)records["failed"]!).ShouldBe(0, $"seed {plan.Seed}: {report}");
        _shadowed += (long)records["compared"]!;
    }

    /// <summary>What the node tells of its shadows; the sums are of all services.</summary>
    private async Task<(JsonNode Report, JsonNode Records)> ShadowsAsync()
    {
        var (status, text) = await node.AdminAsync(HttpMethod.Get, $"/admin/api/services/{ChaosKeys.Service}/shadows");
        status.ShouldBe(200, text);
        var report = JsonNode.Parse(text)!;
        return (report, report["records"]!);
    }

    private async Task CheckLitterAsync()
    {
        await CleanAsync();
        node.Litter(_services.Values.Select(service => service.Current).Append(ChaosKeys.Model)).ShouldBeEmpty($"seed {plan.Seed}");
        _faults.ShouldBeEmpty();
    }

    private bool WasDown(long from, long to)
    {
        lock (_gate) return _downs.Exists(down => down.From <= to && down.To >= from);
    }

    private async Task GuardAsync(ServiceTimeline service, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception fault)
        {
            Report(service, fault.ToString());
        }
    }

    private void Report(ServiceTimeline service, string fault) =>
        _faults.Enqueue($"seed {plan.Seed}, service {service.Service}: {fault}\nits newest actions:\n{service.History()}");
}
