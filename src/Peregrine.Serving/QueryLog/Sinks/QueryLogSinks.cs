using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.QueryLog.Sinks;

/// <summary>The sinks beside the files: those of the options, and those that a host has registered.</summary>
internal sealed class QueryLogSinks : IAsyncDisposable
{
    private static readonly SinkDrop[] s_reasons = Enum.GetValues<SinkDrop>();

    private readonly IQueryLogSink[] _sinks;
    private readonly TimeSpan _stopTimeout;
    private readonly TimeProvider _clock;

    public QueryLogSinks(
        IOptions<QueryLogOptions> options, IEnumerable<IQueryLogSink> registered, IMeterFactory meters, TimeProvider clock, ILogger<QueryLogSinks> log)
    {
        _sinks = [.. registered, .. options.Value.Sinks.Select(sink => new HttpSink(sink, clock, log))];
        _stopTimeout = options.Value.StopTimeout;
        _clock = clock;
        if (Any) AddInstruments(meters.Create(ServingMetrics.MeterName));
    }

    public IEnumerable<SinkCounts> Counts => _sinks.Select(sink => sink.Counts);

    public bool Any => _sinks.Length > 0;

    public void Offer(ReadOnlySpan<byte> lines, long count)
    {
        foreach (var sink in _sinks) sink.Offer(lines, count);
    }

    public async Task StopAsync()
    {
        using var deadline = new CancellationTokenSource(_stopTimeout, _clock);
        await Task.WhenAll(_sinks.Select(sink => sink.StopAsync(deadline.Token)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sink in _sinks) await sink.DisposeAsync();
    }

    private void AddInstruments(Meter meter)
    {
        meter.CreateObservableCounter("peregrine.querylog.sink.lines", () => Counts.Select(sink => Of(sink.Sent, sink)), "{line}", "Query log lines that a sink took.");
        meter.CreateObservableCounter("peregrine.querylog.sink.retries", () => Counts.Select(sink => Of(sink.Retries, sink)), "{call}", "Calls of a sink that were tried again.");
        meter.CreateObservableGauge("peregrine.querylog.sink.waiting", () => Counts.Select(sink => Of(sink.WaitingBytes, sink)), "By", "Bytes that wait for a sink.");
        meter.CreateObservableCounter(
            "peregrine.querylog.sink.dropped",
            () => Counts.SelectMany(sink => s_reasons.Select(reason => Of(sink.Dropped(reason), sink, KeyValuePair.Create("reason", (object?)SinkCounts.NameOf(reason))))),
            "{line}", "Query log lines that a sink did not get, by reason.");
    }

    private static Measurement<long> Of(long value, SinkCounts sink, params ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        new(value, [new("sink", sink.Name), .. labels]);
}
