using Microsoft.Extensions.Options;
using Peregrine.Models;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Drift;

/// <summary>Makes the sketches of endpoints, and finds those that are loaded.</summary>
internal sealed class DriftSketches
{
    private readonly bool _enabled;
    private readonly TimeProvider _time;

    public DriftSketches(IOptions<DriftOptions> options, TimeProvider time)
    {
        _enabled = options.Value.Enabled;
        _time = time;
        Windows = DriftWindow.TryParseList(options.Value.Windows, out var windows) ? windows : [];
    }

    public IReadOnlyList<DriftWindow> Windows { get; }

    /// <summary>Null when nothing is counted: switched off, or no reference in the model.</summary>
    public DriftSketch? For(CompiledModel model) =>
        _enabled && model.Reference is { } reference ? new DriftSketch(reference, Windows, _time) : null;

    /// <summary>The endpoints of every loaded generation, in a stable order.</summary>
    public static IEnumerable<(LoadedGeneration Generation, LoadedEndpoint Endpoint)> LoadedOf(IEnumerable<ServiceSnapshot> services) =>
        from service in services.OrderBy(service => service.Id, StringComparer.Ordinal)
        from generation in service.Forceable.OrderBy(generation => generation.Id, StringComparer.Ordinal)
        from endpoint in generation.Endpoints.Values.OrderBy(endpoint => endpoint.Id, StringComparer.Ordinal)
        select (generation, endpoint);
}
