using System.Diagnostics.Metrics;
using Peregrine.Hosting.Telemetry;

namespace Peregrine.Hosting.Authentication;

/// <summary>Counts refused keys, here and on an engine's own paths.</summary>
public sealed class AuthenticationMetrics
{
    private readonly Counter<long> _failures;

    public AuthenticationMetrics(IMeterFactory meters) =>
        _failures = meters.Create(NodeTelemetry.HostingMeter).CreateCounter<long>(
            "peregrine.authentication.failures", "{attempt}", "Requests refused for their key, by reason.");

    /// <param name="reason">One of a few fixed words: it becomes a label.</param>
    public void Refused(string reason) => _failures.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
