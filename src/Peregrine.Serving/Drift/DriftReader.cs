using Microsoft.Extensions.Options;
using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Packages.Drift;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Drift;

/// <summary>Compares what endpoints have seen with what their models were trained on; never on the request path.</summary>
internal sealed class DriftReader(IOptions<DriftOptions> options, DriftSketches sketches)
{
    /// <summary>What may be asked for, the usual one first.</summary>
    public IReadOnlyList<string> Windows { get; } = [.. sketches.Windows.Select(window => window.Name), DriftWindow.Load];

    /// <param name="window">One of <see cref="Windows"/>.</param>
    /// <returns>With raw counts.</returns>
    public DriftReport Read(LoadedGeneration generation, LoadedEndpoint endpoint, string window)
    {
        var head = new DriftReport
        {
            ServiceId = generation.Service,
            EndpointId = endpoint.Id,
            Generation = generation.Id,
            Window = window,
            State = endpoint.Drift is not null ? DriftState.Compared : options.Value.Enabled ? DriftState.NoReference : DriftState.Off,
            Reference = endpoint.Drift?.Digest,
            Rule = new DriftRule { Alpha = options.Value.Alpha, LeastPsi = options.Value.LeastPsi, LeastRows = options.Value.LeastRows },
        };
        if (endpoint.Drift is not { } sketch) return head;
        var (counts, from, to) = sketch.Read(window);
        return DriftReports.Of(
            head with { From = from.ToUnixTimeMilliseconds(), To = to.ToUnixTimeMilliseconds(), MemoryBytes = sketch.Bytes }, sketch.Binner, counts);
    }
}
