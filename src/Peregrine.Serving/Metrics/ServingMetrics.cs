using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Peregrine.Models;
using Peregrine.Serving.QueryLog;

namespace Peregrine.Serving.Metrics;

/// <summary>
/// The node's instruments. Counts live in cells of our own that observable instruments read when somebody asks, so a request
/// pays for a few atomic adds and one histogram record.
/// </summary>
internal sealed class ServingMetrics
{
    public const string MeterName = "Peregrine.Serving";

    /// <summary>Seconds. A prediction takes tens of microseconds, so the boundaries begin at 0.1 ms.</summary>
    private static readonly InstrumentAdvice<double> s_durationAdvice = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly PredictionOutcome[] s_outcomes = Enum.GetValues<PredictionOutcome>();

    private readonly ConcurrentDictionary<(string Service, string Endpoint, string Generation), EndpointMeter> _meters = new();
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _loadDuration;
    private readonly Counter<long> _changes;
    private readonly Counter<long> _rejected;
    private readonly QueryLogQueue _log;

    public ServingMetrics(IMeterFactory factory, QueryLogQueue log)
    {
        _log = log;
        var meter = factory.Create(MeterName);
        _duration = meter.CreateHistogram("peregrine.inference.duration", "s", "Time from the body's arrival to the answer.", null, s_durationAdvice);
        _loadDuration = meter.CreateHistogram<double>("peregrine.generation.load.duration", "s", "Time to read, verify, compile and warm up a generation.");
        _changes = meter.CreateCounter<long>("peregrine.serving.changes", "{change}", "Changes of services, generations and mappings, by kind and outcome.");
        _rejected = meter.CreateCounter<long>("peregrine.inference.rejected", "{request}", "Requests that name no service or endpoint of this node, by reason.");
        meter.CreateObservableCounter("peregrine.inference.requests", ReadRequests, "{request}", "Requests answered.");
        meter.CreateObservableCounter("peregrine.inference.rows", ReadRows, "{row}", "Records scored.");
        meter.CreateObservableCounter("peregrine.inference.rows.ignored", ReadIgnored, "{row}", "Records that were not scored, by reason.");
        meter.CreateObservableCounter("peregrine.records.schema", ReadSchema, "{fault}", "Ways in which records were not what the model was made from, refused or taken, by kind.");
        meter.CreateObservableCounter("peregrine.querylog.lines", () => log.WrittenLines, "{line}", "Query log lines written.");
        meter.CreateObservableCounter("peregrine.querylog.dropped", ReadDropped, "{line}", "Query log lines dropped, by reason.");
        meter.CreateObservableGauge("peregrine.querylog.waiting", () => log.WaitingBytes, "By", "Bytes of query log waiting in memory.");
    }

    /// <summary>All meters so far, in a stable order.</summary>
    public IEnumerable<EndpointMeter> Meters => _meters.Values
        .OrderBy(meter => meter.Service, StringComparer.Ordinal).ThenBy(meter => meter.Endpoint, StringComparer.Ordinal)
        .ThenBy(meter => meter.Generation, StringComparer.Ordinal);

    public QueryLogQueue Log => _log;

    /// <summary>The meter of an endpoint in a generation; made once, kept by what uses it on the request path.</summary>
    public EndpointMeter MeterFor(string service, string endpoint, string generation) =>
        _meters.GetOrAdd((service, endpoint, generation), static key => new EndpointMeter(key.Service, key.Endpoint, key.Generation));

    /// <summary>Drops the meters of services and generations that are gone, so that they do not pile up with every version. A request still under way counts for nobody.</summary>
    /// <param name="isThere">By service and generation; the generation is empty for the service itself.</param>
    public void KeepOnly(Func<string, string, bool> isThere)
    {
        foreach (var key in _meters.Keys)
            if (!isThere(key.Service, key.Generation)) _meters.TryRemove(key, out _);
    }

    /// <summary>Counts one request that reached an endpoint.</summary>
    /// <param name="started">Timestamp of <see cref="Stopwatch"/>.</param>
    public void Record(EndpointMeter meter, PredictionOutcome outcome, int rows, long started)
    {
        var elapsed = Stopwatch.GetTimestamp() - started;
        meter.Count(outcome, rows);
        meter.Latency.Add(elapsed * 1_000_000 / Stopwatch.Frequency);
        if (_duration.Enabled) _duration.Record((double)elapsed / Stopwatch.Frequency, meter.LabelsOf(outcome));
    }

    public void Reject(string reason) => _rejected.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void RecordLoad(TimeSpan duration, bool succeeded) =>
        _loadDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", succeeded ? "ready" : "failed"));

    public void RecordChange(string kind, bool succeeded) => _changes.Add(
        1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", succeeded ? "done" : "refused"));

    private IEnumerable<Measurement<long>> ReadRequests()
    {
        foreach (var meter in _meters.Values)
        {
            foreach (var outcome in s_outcomes)
            {
                if (meter.Requests(outcome) is var count and > 0) yield return new Measurement<long>(count, meter.LabelsOf(outcome));
            }
        }
    }

    private IEnumerable<Measurement<long>> ReadRows()
    {
        foreach (var meter in _meters.Values)
            if (meter.Rows is var rows and > 0) yield return new Measurement<long>(rows, meter.Labels);
    }

    private IEnumerable<Measurement<long>> ReadIgnored() =>
        from meter in _meters.Values
        from reason in Enumerable.Range(0, IgnoreReasons.All.Count)
        where meter.Ignored[reason] > 0
        select new Measurement<long>(meter.Ignored[reason], [.. meter.Labels, new KeyValuePair<string, object?>("reason", IgnoreReasons.All[reason])]);

    private IEnumerable<Measurement<long>> ReadSchema() =>
        from meter in _meters.Values
        from kind in Enumerable.Range(0, SchemaCounts.Names.Count)
        where meter.Schema[kind] > 0
        select new Measurement<long>(meter.Schema[kind], [.. meter.Labels, new KeyValuePair<string, object?>("kind", SchemaCounts.Names[kind])]);

    private IEnumerable<Measurement<long>> ReadDropped() =>
    [
        new(_log.DroppedFull, new KeyValuePair<string, object?>("reason", "buffer_full")),
        new(_log.DroppedTooLong, new KeyValuePair<string, object?>("reason", "line_too_long")),
        new(_log.DroppedDisk, new KeyValuePair<string, object?>("reason", "disk")),
        new(_log.DroppedFilter, new KeyValuePair<string, object?>("reason", "columns")),
    ];
}
