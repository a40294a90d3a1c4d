using System.Diagnostics.Metrics;
using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.Limits;

/// <summary>Instruments of the limits: what was refused, and how long the queue is.</summary>
internal sealed class LimitMetrics
{
    public const string Concurrent = "concurrent";
    public const string QueueFull = "queue_full";
    public const string QueueWait = "queue_wait";
    public const string Deadline = "deadline";
    public const string Url = "url";
    public const string Rate = "rate";

    private readonly Meter _meter;
    private readonly Counter<long> _refused;

    public LimitMetrics(IMeterFactory factory)
    {
        _meter = factory.Create($"{ServingMetrics.MeterName}.Limits");
        _refused = _meter.CreateCounter<long>("peregrine.limits.refused", "{request}", "Requests refused at a limit, by limit.");
    }

    public void Refuse(string limit) => _refused.Add(1, new KeyValuePair<string, object?>("limit", limit));

    public void Observe(ScoringQueue queue)
    {
        _meter.CreateObservableGauge("peregrine.limits.queue.waiting", () => queue.Waiting, "{request}", "Bulk requests that wait for a scoring thread.");
        _meter.CreateObservableGauge("peregrine.limits.queue.running", () => queue.Running, "{request}", "Bulk requests that are being scored.");
    }
}
