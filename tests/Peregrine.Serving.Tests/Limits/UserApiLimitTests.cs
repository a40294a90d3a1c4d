using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Serving.Limits;

namespace Peregrine.Serving.Tests.Limits;

/// <summary>The limits as a caller meets them, each one at its edge.</summary>
public sealed class UserApiLimitTests
{
    private const string Bulk = "fraud/score/predict-multi";

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task Body_AtItsLimit_IsTakenAndNoByteMore(int more, bool taken)
    {
        await using var node = await new ApiNodeBuilder().WithService().With(options => options.MaxRequestBodyBytes = 2_000).StartAsync();
        var body = Body(1).PadRight(2_000 + more);
        var answer = await node.PredictAsync(body, Bulk);
        if (taken) answer.ShouldSucceed();
        else answer.ShouldFail(HttpStatusCode.RequestEntityTooLarge, "BodyTooLarge");
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public async Task Records_AtTheirLimit_AreTakenAndNotOneMore(int records, bool taken)
    {
        await using var node = await new ApiNodeBuilder().WithService().With(options => options.MaxRecordsPerRequest = 5).StartAsync();
        var answer = await node.PredictAsync(Body(records), Bulk);
        if (taken) answer.ShouldSucceed().Json["results"]!.AsArray().Count.ShouldBe(records);
        else answer.ShouldFail(HttpStatusCode.RequestEntityTooLarge, "TooManyRecords");
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public async Task Nesting_AtItsLimit_IsTakenAndNotOneDeeper(int depth, bool taken)
    {
        await using var node = await new ApiNodeBuilder().WithService().With(options => options.MaxJsonDepth = 8).StartAsync();
        // The request's own object is the first level.
        var context = $"{new string('[', depth - 1)}{new string(']', depth - 1)}";
        var answer = await node.PredictAsync($$"""{"features":{{TestPackage.GoodFeatures}},"context":{{context}}}""");
        if (taken) answer.ShouldSucceed();
        else answer.ShouldFail(HttpStatusCode.BadRequest, "TooDeep");
    }

    [Theory]
    [InlineData(199, true)]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public async Task Url_AtItsLimit_IsTakenAndNoCharacterMore(int length, bool taken)
    {
        await using var node = await StartAsync(options => options.MaxUrlLength = 200);
        const string Path = "/public/api/v1/fraud/score/predict";
        var query = "?x=".PadRight(length - Path.Length, 'y');
        var answer = await node.SendAsync(HttpMethod.Post, Path[1..] + query, new StringContent($$"""{"features":{{TestPackage.GoodFeatures}}}"""));
        if (taken) answer.ShouldSucceed();
        else answer.ShouldFail(HttpStatusCode.RequestUriTooLong, "UrlTooLong");
    }

    [Fact]
    public async Task Headers_BeyondTheirLimit_AreRefusedByTheServer()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await StatusOfAsync(node, $"X-Long: {new string('x', 60_000)}")).ShouldBe(200);
        (await StatusOfAsync(node, $"X-Long: {new string('x', 70_000)}")).ShouldBe(431);
    }

    [Fact]
    public async Task ConcurrentRequests_AtTheirLimit_RefuseOneMoreUntilOneIsAnswered()
    {
        await using var node = await StartAsync(options => options.ConcurrentRequests = 2);
        var gate = node.Services.GetRequiredService<AdmissionGate>();
        using var first = await HalfAsync(node);
        using var second = await HalfAsync(node);
        await EventuallyAsync(() => gate.Inside == 2);
        // One whose body comes with its headers needs no place; one that has to wait does.
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        using var third = await HalfAsync(node);
        (await ReadAsync(third)).ShouldStartWith("HTTP/1.1 503");
        first.Dispose();
        await EventuallyAsync(() => gate.Inside == 1);
        using var fourth = await HalfAsync(node);
        await EventuallyAsync(() => gate.Inside == 2);
    }

    [Fact]
    public async Task BulkRequest_QueueFull_IsRefusedBeforeItsBodyIsThereAndSmallOnesAreAnswered()
    {
        await using var node = await StartAsync(options => (options.BulkBytes, options.ScoringThreads, options.QueueLength) = (1_000, 1, 0));
        var queue = node.Services.GetRequiredService<ScoringQueue>();
        using var release = new ManualResetEventSlim();
        var blocker = new Blocker(release);
        queue.TryEnqueue(blocker).ShouldBeNull();
        await EventuallyAsync(() => queue.Running == 1);
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        using var socket = await ConnectAsync(node);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /public/api/v1/{Bulk} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n"));
        var refusal = await ReadAsync(socket);
        refusal.ShouldStartWith("HTTP/1.1 503");
        refusal.ShouldContain("Retry-After: ");
        refusal.ShouldContain("\"errorType\":\"QueueFull\"");
        release.Set();
        await blocker.Ended;
        await EventuallyAsync(() => queue.Running == 0);
        (await node.PredictAsync(Body(50), Bulk)).ShouldSucceed().Json["results"]!.AsArray().Count.ShouldBe(50);
    }

    [Fact]
    public async Task BulkRequest_OnAScoringThread_AnswersWhatItAnswersWhereItArrives()
    {
        var package = new TestPackage();
        await using var inPlace = await StartAsync(options => options.BulkBytes = 1_000_000);
        await using var inTurn = await StartAsync(options => options.BulkBytes = 1);
        foreach (var records in new[] { 1, 3, 500 })
        {
            var one = (await inPlace.PredictAsync(Body(records), Bulk)).ShouldSucceed();
            var other = (await inTurn.PredictAsync(Body(records), Bulk)).ShouldSucceed();
            other.Json["results"]!.ToJsonString().ShouldBe(one.Json["results"]!.ToJsonString());
        }

        (await inTurn.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed().Result.ShouldBe(package.Expected(TestPackage.GoodFeatures));
        (await inTurn.PredictFeaturesAsync("{}")).ShouldFail(HttpStatusCode.BadRequest, "MissingField");
    }

    private static Task<TestNode> StartAsync(Action<LimitOptions> configure) => new ApiNodeBuilder().WithService().WithLimits(configure).StartAsync();

    private static string Body(int records) =>
        $"{{\"items\":[{string.Join(',', Enumerable.Repeat($"{{\"features\":{TestPackage.GoodFeatures}}}", records))}]}}";

    /// <summary>A request whose body is only half there.</summary>
    private static async Task<Socket> HalfAsync(TestNode node)
    {
        var socket = await ConnectAsync(node);
        await socket.SendAsync("POST /public/api/v1/fraud/score/predict HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{\"features\":"u8.ToArray());
        return socket;
    }

    private static async Task<int> StatusOfAsync(TestNode node, string header)
    {
        using var socket = await ConnectAsync(node);
        var body = $$"""{"features":{{TestPackage.GoodFeatures}}}""";
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /public/api/v1/fraud/score/predict HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n{header}\r\n\r\n{body}"));
        return int.Parse((await ReadAsync(socket)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<Socket> ConnectAsync(TestNode node)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(node.Address.Host, node.Address.Port);
        return socket;
    }

    /// <summary>What comes first: small answers come whole.</summary>
    private static async Task<string> ReadAsync(Socket socket)
    {
        var buffer = new byte[16 * 1024];
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, SocketFlags.None, deadline.Token));
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition()) await Task.Delay(5, deadline.Token);
    }
}
