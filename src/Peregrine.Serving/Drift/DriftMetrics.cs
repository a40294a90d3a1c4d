using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Drift;

/// <summary>
/// Drift as gauges, over the first window: computed when somebody reads the metrics page, at most once per interval, and of a bounded number of features.
/// </summary>
internal sealed class DriftMetrics
{
    private readonly Lock _gate = new();
    private readonly NodeState _node;
    private readonly DriftReader _reader;
    private readonly DriftOptions _options;
    private readonly TimeProvider _time;
    private IReadOnlyList<DriftReport> _reports = [];
    private long _readAt;
    private bool _hasRead;

    public DriftMetrics(IMeterFactory factory, NodeState node, DriftReader reader, IOptions<DriftOptions> options, TimeProvider time)
    {
        (_node, _reader, _options, _time) = (node, reader, options.Value, time);
        var meter = factory.Create(ServingMetrics.MeterName);
        meter.CreateObservableGauge("peregrine.drift.score", () => PerField(field => field.Psi), null, "PSI of a feature or prediction against training.");
        meter.CreateObservableGauge(
            "peregrine.drift.detected", () => PerField(field => field.Verdict == DriftVerdict.Drifted ? 1 : 0), null, "1 when a feature or prediction has drifted.");
        meter.CreateObservableGauge("peregrine.drift.missing.ratio", () => PerField(field => field.MissingLive), null, "Share of records without the feature.");
        meter.CreateObservableGauge(
            "peregrine.drift.unseen.ratio", () => PerField(field => field.UnseenLive), null, "Share of records with a value that training did not see.");
        meter.CreateObservableGauge("peregrine.drift.weighted.score", () => PerReport(report => report.Score), null, "PSI of the features, weighted by importance.");
        meter.CreateObservableGauge("peregrine.drift.rows", () => PerReport(report => report.Rows), "{row}", "Records compared.");
    }

    private IEnumerable<Measurement<double>> PerReport(Func<DriftReport, double?> figure) =>
        from report in Current()
        let value = figure(report)
        where value is not null
        select new Measurement<double>(value.Value, Labels(report));

    /// <summary>Nothing is told of fields with too few records: an alert on them would be noise.</summary>
    private IEnumerable<Measurement<double>> PerField(Func<FieldDrift, double?> figure)
    {
        foreach (var report in Current())
        {
            var features = report.Features.OrderByDescending(field => field.Importance).Take(_options.MaxMetricFeatures).Select(field => (field, field.Name));
            foreach (var (field, name) in features.Concat(report.Predictions.Select(field => (field, $"prediction.{field.Name}"))))
            {
                if (field.Verdict != DriftVerdict.TooFew && figure(field) is { } value)
                    yield return new Measurement<double>(value, [.. Labels(report), new("feature", name)]);
            }
        }
    }

    private static KeyValuePair<string, object?>[] Labels(DriftReport report) =>
        [new("service", report.ServiceId), new("endpoint", report.EndpointId), new("generation", report.Generation)];

    private IReadOnlyList<DriftReport> Current()
    {
        lock (_gate)
        {
            if (_hasRead && _time.GetElapsedTime(_readAt) < _options.MetricsInterval) return _reports;
            _reports =
            [
                .. DriftSketches.LoadedOf(_node.Current.Services.Values).Where(one => one.Endpoint.Drift is not null)
                    .Select(one => _reader.Read(one.Generation, one.Endpoint, _reader.Windows[0])),
            ];
            (_readAt, _hasRead) = (_time.GetTimestamp(), true);
            return _reports;
        }
    }
}
