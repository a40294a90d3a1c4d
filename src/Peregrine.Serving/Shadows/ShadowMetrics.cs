using System.Diagnostics.Metrics;
using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.Shadows;

/// <summary>The instruments of shadows.</summary>
internal sealed class ShadowMetrics
{
    private readonly Counter<long> _records;
    private readonly Histogram<double> _distance;

    public ShadowMetrics(IMeterFactory factory, ShadowQueue queue)
    {
        var meter = factory.Create(ServingMetrics.MeterName);
        _records = meter.CreateCounter<long>("peregrine.shadow.records", "{record}", "Records that shadows scored, by outcome: agreed, differed, failed.");
        _distance = meter.CreateHistogram("peregrine.shadow.score.distance", "1", "How far a shadow's score lies from the one that the caller got.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1] });
        meter.CreateObservableGauge("peregrine.shadow.waiting", () => queue.Waiting, "{request}", "Copies of requests that wait to be scored.");
        meter.CreateObservableCounter("peregrine.shadow.dropped", () => Dropped(queue), "{request}", "Copies of requests that were dropped, by reason.");
        meter.CreateObservableCounter("peregrine.shadow.dropped.records", () => DroppedRecords(queue.Totals), "{record}", "Records that their shadow did not get, by reason.");
    }

    public void Count(ShadowPair pair, string outcome, long records = 1) => _records.Add(
        records, [new("service", pair.Service), new("endpoint", pair.Endpoint), new("generation", pair.Shadow), new("primary", pair.Primary), new("outcome", outcome)]);

    public void Record(ShadowPair pair, double distance) => _distance.Record(
        distance, [new("service", pair.Service), new("endpoint", pair.Endpoint), new("generation", pair.Shadow), new("primary", pair.Primary)]);

    private static IEnumerable<Measurement<long>> DroppedRecords(ShadowTotals totals) =>
    [
        new(totals.Full, new KeyValuePair<string, object?>("reason", "queue_full")),
        new(totals.Released, new KeyValuePair<string, object?>("reason", "released")),
    ];

    private static IEnumerable<Measurement<long>> Dropped(ShadowQueue queue) =>
    [
        new(queue.DroppedFull, new KeyValuePair<string, object?>("reason", "queue_full")),
        new(queue.DroppedReleased, new KeyValuePair<string, object?>("reason", "released")),
    ];
}
