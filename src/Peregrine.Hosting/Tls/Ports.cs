using System.Collections.Concurrent;
using System.Globalization;
using Peregrine.Hosting.Health;

namespace Peregrine.Hosting.Tls;

/// <summary>The open ports and what they speak, for the verbose probe. A certificate that ends soon or could not be replaced is told and leaves the node ready.</summary>
internal sealed class Ports : IReadinessCondition
{
    private readonly ConcurrentQueue<PortProtocols> _ports = new();

    public string Name => "ports";

    public void Add(PortProtocols port) => _ports.Enqueue(port);

    public Readiness Check()
    {
        var remarks = _ports.Select(port => port.Tls).OfType<TlsState>().Distinct().SelectMany(Remarks).ToList();
        return remarks.Count == 0 ? Readiness.Ready : Readiness.ReadyWith(string.Join("; ", remarks));
    }

    public IEnumerable<string> Details() => _ports.Select(port => port.ToString());

    private static IEnumerable<string> Remarks(TlsState state)
    {
        if (state.Fault is { } fault) yield return $"changed certificate files of '{state.Name}' not taken: {fault}";
        if (state.TimeLeft < TimeSpan.Zero) yield return $"the certificate of '{state.Name}' has ended";
        else if (state.TimeLeft < state.Options.ExpiryWarning)
            yield return string.Create(CultureInfo.InvariantCulture, $"the certificate of '{state.Name}' ends in {state.TimeLeft.TotalDays:F1} days");
    }
}
