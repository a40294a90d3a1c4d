using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Peregrine.Serving.QueryLog.Tail;

namespace Peregrine.Serving.Tests.QueryLog;

public sealed class QueryLogTailTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-tail-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(2_500)]
    public void Last_OverSeveralFiles_GivesTheNewestLinesInOrder(int wanted)
    {
        Write("queries-1.jsonl", 0, 1_000);
        Write("queries-2.jsonl", 1_000, 1_000, last: "{\"half");
        Numbers(Tail().Last(wanted, All)).ShouldBe(Enumerable.Range(Math.Max(0, 2_000 - wanted), Math.Min(wanted, 2_000)));
    }

    [Fact]
    public void Last_WithLinesLongerThanAChunk_GivesThemWhole()
    {
        Write("queries-1.jsonl", 0, 5, padding: 700_000);
        Numbers(Tail().Last(3, All)).ShouldBe([2, 3, 4]);
    }

    [Fact]
    public void After_ACursor_GivesWhatCameSinceEvenInANewFile()
    {
        Write("queries-1.jsonl", 0, 10);
        var first = Tail().Last(2, All);
        Write("queries-1.jsonl", 0, 12);
        Write("queries-2.jsonl", 12, 3);
        TailCursor.TryParse(first.Cursor, out var cursor).ShouldBeTrue();
        var next = Tail().After(cursor, 4, All);
        Numbers(next).ShouldBe([10, 11, 12, 13]);
        TailCursor.TryParse(next.Cursor, out cursor).ShouldBeTrue();
        Numbers(Tail().After(cursor, 4, All)).ShouldBe([14]);
    }

    [Fact]
    public void Last_OfOneService_LeavesTheOthersOut()
    {
        Write("queries-1.jsonl", 0, 100);
        Numbers(Tail().Last(3, new TailFilter("s1", null))).ShouldBe([95, 97, 99]);
    }

    [Fact]
    public async Task Logs_OverHttp_GivesLinesAndGoesOnBehindTheCursor()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        var first = await PollAsync(node, "logs?service=fraud&lines=5");
        ((string?)first["lines"]![0]!["service"]).ShouldBe("fraud");
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        var next = await PollAsync(node, $"logs?after={Uri.EscapeDataString((string)first["cursor"]!)}");
        ((string?)next["lines"]![0]!["id"]).ShouldNotBe((string?)first["lines"]![0]!["id"]);
        (await node.TryAdminAsync(HttpMethod.Get, "logs?after=nowhere")).ShouldFail(HttpStatusCode.BadRequest, "BadQueryParameter");
        (await node.TryAdminAsync(HttpMethod.Get, "logs?lines=0")).ShouldFail(HttpStatusCode.BadRequest, "BadQueryParameter");
        (await node.GetAsync("admin/api/logs")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static TailFilter All => new(null, null);

    private static async Task<JsonNode> PollAsync(TestNode node, string path)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var answer = (await node.AdminAsync(HttpMethod.Get, path))!;
            if (answer["lines"]!.AsArray().Count > 0) return answer;
            await Task.Delay(10, deadline.Token);
        }
    }

    private static IEnumerable<int> Numbers(TailAnswer answer) => answer.Lines.Select(line => (int)JsonNode.Parse(line)!["n"]!);

    private QueryLogTail Tail() => new(Options.Create(new ServingOptions { DataDirectory = _folder }));

    private void Write(string name, int first, int count, int padding = 0, string last = "")
    {
        var text = string.Concat(Enumerable.Range(first, count).Select(i => $$"""{"service":"s{{i % 2}}","n":{{i}},"pad":"{{new string('x', padding)}}"}""" + "\n")) + last;
        var logs = Directory.CreateDirectory(Path.Combine(_folder, "logs"));
        File.WriteAllText(Path.Combine(logs.FullName, name), text, new UTF8Encoding(false));
    }
}
