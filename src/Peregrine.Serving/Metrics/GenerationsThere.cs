using Peregrine.Hosting.Telemetry;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Metrics;

/// <summary>The metrics page shows series of services and generations that are on the node, or that its mapping wants there; those of deleted ones go with them.</summary>
internal sealed class GenerationsThere(NodeState state) : ISeriesFilter
{
    public bool Keeps(string service, string generation)
    {
        var now = state.Current;
        return now.Has(service, generation)
            || (now.Services.GetValueOrDefault(service)?.Document.Mapping?.Entries.Any(share => share.Generation == generation) ?? false);
    }
}
