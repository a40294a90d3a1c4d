using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Peregrine.FunctionalTests.ApiNode;

/// <summary>What the query log of a real process still holds after its end.</summary>
public sealed class QueryLogSurvivalTests : IDisposable
{
    /// <summary>The log's 50 ms between writes, and what a busy test machine adds.</summary>
    private static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(1_000);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_InTheMiddleOfRequests_LosesAtMostTheWindow()
    {
        await using var node = await RunningNode.StartAsync(_folder["node"]);
        var answered = new List<(int Amount, long At)>();
        var clock = Stopwatch.StartNew();
        for (var i = 0; clock.Elapsed < TimeSpan.FromSeconds(3); i++)
        {
            (await node.PredictAsync(i)).EnsureSuccessStatusCode();
            answered.Add((i, Stopwatch.GetTimestamp()));
        }

        var killed = Stopwatch.GetTimestamp();
        await node.Process.KillAsync();

        var logged = node.LogLines().Select(line => (int)JsonNode.Parse(line)!["features"]!["amount"]!).ToHashSet();
        var lost = answered.Where(one => !logged.Contains(one.Amount)).ToList();
        lost.ShouldAllBe(one => Stopwatch.GetElapsedTime(one.At, killed) < s_window);
        logged.Count.ShouldBeGreaterThan(answered.Count / 2);
    }

    [Fact]
    public async Task Terminate_AfterRequests_LosesNone()
    {
        await using var node = await RunningNode.StartAsync(_folder["node"], ("Serving__QueryLogFlushInterval", "00:00:10"));
        for (var i = 0; i < 300; i++) (await node.PredictAsync(i)).EnsureSuccessStatusCode();
        (await node.Process.TerminateAsync()).ShouldBe(0, node.Process.Errors);
        node.LogLines().Select(line => (int)JsonNode.Parse(line)!["features"]!["amount"]!).ShouldBe(Enumerable.Range(0, 300));
    }

    [Fact]
    public async Task Admin_LogsTailAndMetrics_ShowTheQueries()
    {
        await using var node = await RunningNode.StartAsync(_folder["node"]);
        for (var i = 0; i < 5; i++) (await node.PredictAsync(i)).EnsureSuccessStatusCode();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (node.LogLines().Count < 5) await Task.Delay(20, deadline.Token);

        var tail = (await node.AdminAsync("logs", "tail", "--lines", "2", "--service", "fraud", "--json")).ShouldExit(0).Output.Trim().Split('\n');
        tail.Select(line => (int)JsonNode.Parse(line)!["features"]!["amount"]!).ShouldBe([3, 4]);
        (await node.AdminAsync("logs", "tail")).ShouldExit(0).Output.ShouldContain("fraud/score  v1");
        (await node.AdminAsync("logs", "tail", "--lines", "0")).ShouldExit(2);
        var metrics = JsonNode.Parse((await node.AdminAsync("metrics", "--json")).ShouldExit(0).Output)!;
        ((long?)metrics["endpoints"]!.AsArray().Single(one => (string?)one!["generation"] == "v1")!["requests"]!["ok"]).ShouldBe(5);
        (await node.AdminAsync("metrics")).ShouldExit(0).Output.ShouldContain("fraud/score\tv1\t5\t0\t5");
    }
}
