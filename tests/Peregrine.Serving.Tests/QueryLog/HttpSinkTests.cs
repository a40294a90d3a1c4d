using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Serving.QueryLog.Sinks;

namespace Peregrine.Serving.Tests.QueryLog;

public sealed class HttpSinkTests
{
    [Fact]
    public async Task Offer_AsJsonLines_SendsTheLinesInBatches()
    {
        await using var receiver = await EventReceiver.StartAsync();
        await using var sink = Sink(receiver.Url, SinkFormat.JsonLines, options => options.BatchLines = 2);
        sink.Offer(Lines(0, 5), 5);
        await StopAsync(sink);
        receiver.Calls.Select(call => call.Body.Count(letter => letter == '\n')).ShouldBe([2, 2, 1]);
        string.Concat(receiver.Calls.Select(call => call.Body)).ShouldBe(Encoding.UTF8.GetString(Lines(0, 5)));
        receiver.Calls.First().ContentType.ShouldBe("application/x-ndjson");
        (sink.Counts.Sent, sink.Counts.WaitingBytes).ShouldBe((5, 0));
    }

    [Fact]
    public async Task Offer_AsCloudEvents_SendsABatchOfWholeEvents()
    {
        await using var receiver = await EventReceiver.StartAsync();
        await using var sink = Sink(receiver.Url, SinkFormat.CloudEvents, options => options.Source = "/nodes/one");
        sink.Offer(Lines(0, 2), 2);
        await StopAsync(sink);
        var (type, body) = receiver.Calls.ShouldHaveSingleItem();
        type.ShouldBe("application/cloudevents-batch+json");
        var events = JsonNode.Parse(body)!.AsArray();
        events.Count.ShouldBe(2);
        events[0]!.ToJsonString().ShouldBe(
            """{"specversion":"1.0","id":"run-0","source":"/nodes/one","type":"org.peregrine.prediction-query.v1","subject":"fraud/score","time":"2026-01-31T12:00:00.0000000Z","datacontenttype":"application/json","generation":"v1","data":"""
            + Encoding.UTF8.GetString(Lines(0, 1)).Trim() + "}");
    }

    [Fact]
    public async Task Offer_AsKafka2_SendsKeyAndValueAndCountsRejectedRecords()
    {
        await using var receiver = await EventReceiver.StartAsync();
        receiver.Answers.Enqueue((200, """{"offsets":[{"partition":0,"offset":7,"error_code":null,"error":null},{"partition":null,"offset":null,"error_code":2,"error":"no"}]}"""));
        await using var sink = Sink(receiver.Url, SinkFormat.KafkaRest2);
        sink.Offer(Lines(0, 2), 2);
        await StopAsync(sink);
        var records = JsonNode.Parse(receiver.Calls.ShouldHaveSingleItem().Body)!["records"]!.AsArray();
        ((string?)records[1]!["key"]).ShouldBe("fraud/score");
        ((string?)records[1]!["value"]!["id"]).ShouldBe("run-1");
        (sink.Counts.Sent, sink.Counts.Dropped(SinkDrop.Refused)).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Offer_AsKafka3_SendsHeadersAndReadsEachResult()
    {
        await using var receiver = await EventReceiver.StartAsync();
        receiver.Answers.Enqueue((200, "{\"error_code\":200,\"offset\":1}\n{\"error_code\":422,\"message\":\"no\"}\n"));
        await using var sink = Sink(receiver.Url, SinkFormat.KafkaRest3);
        sink.Offer(Lines(0, 2), 2);
        await StopAsync(sink);
        var record = JsonNode.Parse(receiver.Calls.ShouldHaveSingleItem().Body.Split('\n')[1])!;
        ((string?)record["key"]!["data"]).ShouldBe("fraud/score");
        var id = record["headers"]!.AsArray().Single(header => (string?)header!["name"] == "ce_id")!;
        Encoding.UTF8.GetString(Convert.FromBase64String((string)id["value"]!)).ShouldBe("run-1");
        (sink.Counts.Sent, sink.Counts.Dropped(SinkDrop.Refused)).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Offer_WhenTheReceiverFailsForAWhile_ArrivesOnceItWorksInOrder()
    {
        await using var receiver = await EventReceiver.StartAsync();
        foreach (var status in new[] { 503, 429, 500 }) receiver.Answers.Enqueue((status, ""));
        await using var sink = Sink(receiver.Url, SinkFormat.JsonLines);
        sink.Offer(Lines(0, 1), 1);
        sink.Offer(Lines(1, 1), 1);
        await StopAsync(sink);
        string.Concat(receiver.Calls.Skip(3).Select(call => call.Body)).ShouldBe(Encoding.UTF8.GetString(Lines(0, 2)));
        (sink.Counts.Sent, sink.Counts.Retries).ShouldBe((2, 3));
    }

    [Fact]
    public async Task Offer_WhenTheReceiverRefuses_DropsAndCountsAtOnce()
    {
        await using var receiver = await EventReceiver.StartAsync();
        receiver.Answers.Enqueue((400, "no"));
        await using var sink = Sink(receiver.Url, SinkFormat.JsonLines);
        sink.Offer(Lines(0, 3), 3);
        await StopAsync(sink);
        (sink.Counts.Dropped(SinkDrop.Refused), sink.Counts.Retries, receiver.Calls.Count).ShouldBe((3, 0, 1));
    }

    [Fact]
    public async Task Offer_WhenNobodyAnswers_KeepsItsBoundAndCountsEveryLine()
    {
        await using var sink = Sink("http://127.0.0.1:9/", SinkFormat.JsonLines, options =>
        {
            options.QueueBytes = 64 * 1024;
            options.Attempts = 2;
        });
        var line = Lines(0, 1);
        for (var i = 0; i < 2_000; i++) sink.Offer(line, 1);
        sink.Counts.WaitingBytes.ShouldBeLessThanOrEqualTo(64 * 1024);
        using (var now = new CancellationTokenSource(0)) await sink.StopAsync(now.Token);
        var dropped = Enum.GetValues<SinkDrop>().ToDictionary(reason => reason, sink.Counts.Dropped);
        dropped[SinkDrop.QueueFull].ShouldBeGreaterThan(0);
        dropped.Values.Sum().ShouldBe(2_000);
    }

    private static HttpSink Sink(string url, SinkFormat format, Action<SinkOptions>? configure = null)
    {
        var options = new SinkOptions { Url = url, Format = format, FirstBackOff = TimeSpan.FromMilliseconds(1), LongestBackOff = TimeSpan.FromMilliseconds(5) };
        configure?.Invoke(options);
        options.Fault().ShouldBeNull();
        return new HttpSink(options, TimeProvider.System, NullLogger.Instance);
    }

    private static async Task StopAsync(HttpSink sink)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await sink.StopAsync(deadline.Token);
    }

    private static byte[] Lines(int first, int count) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(first, count).Select(i =>
        $$$"""{"timestamp":"2026-01-31T12:00:00.0000000Z","msgType":"prediction-query","service":"fraud","endpoint":"score","generation":"v1","id":"run-{{{i}}}","features":{"a":{{{i}}}}}""" + "\n")));
}
