using System.Diagnostics.Metrics;
using Peregrine.Hosting.Telemetry;

namespace Peregrine.Hosting.Tls;

/// <summary>Certificates and who was refused for his.</summary>
internal sealed class TlsMetrics
{
    private readonly List<TlsState> _watched = [];
    private readonly Meter _meter;
    private readonly Counter<long> _reloads;
    private readonly Counter<long> _refused;

    public TlsMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(NodeTelemetry.HostingMeter);
        _reloads = _meter.CreateCounter<long>("peregrine.tls.reloads", "{reload}", "Changes of certificate files, by whether they were taken.");
        _refused = _meter.CreateCounter<long>("peregrine.tls.client_certificates.refused", "{connection}", "Connections refused for the caller's certificate, by reason.");
    }

    /// <summary>From now on tells how many days the certificate in force still has; negative when it has ended.</summary>
    public void Watch(TlsState state)
    {
        _watched.Add(state);
        if (_watched.Count == 1) _meter.CreateObservableGauge("peregrine.tls.certificate.expiry", Measure, "d", "Days until the certificate in force ends.");
    }

    public void Reloaded(string port, bool taken) =>
        _reloads.Add(1, new KeyValuePair<string, object?>("port", port), new KeyValuePair<string, object?>("outcome", taken ? "taken" : "refused"));

    /// <param name="reason">One of a few fixed words: it becomes a label.</param>
    public void Refused(string port, string reason) =>
        _refused.Add(1, new KeyValuePair<string, object?>("port", port), new KeyValuePair<string, object?>("reason", reason));

    private IEnumerable<Measurement<double>> Measure() =>
        _watched.Select(state => new Measurement<double>(state.TimeLeft.TotalDays, new KeyValuePair<string, object?>("port", state.Name)));
}
