using Peregrine.Contracts.ApiNode;
using Peregrine.Serving.Changes;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Admin;

/// <summary>What the node tells of its services.</summary>
internal sealed class NodeDescription(NodeState node, GenerationLife life)
{
    /// <exception cref="Hosting.Errors.ApiErrorException">There is no such service.</exception>
    public NodeService Describe(string id)
    {
        var current = node.Current;
        if (!current.Services.TryGetValue(id, out var service)) throw DispatchFaults.UnknownService(current, id).AsException();
        return new NodeService
        {
            ServiceId = id,
            Enabled = service.Document.Enabled,
            Mapping = service.Document.Mapping,
            Generations = [.. service.Generations.Values.OrderByDescending(entry => entry.Stored.CreatedOn).ThenByDescending(entry => entry.Stored.ImportedOn).Select(entry => Describe(service, entry))],
        };
    }

    private NodeGeneration Describe(ServiceSnapshot service, GenerationEntry entry)
    {
        var share = service.Document.Mapping?.Entries.FirstOrDefault(mapped => mapped.Generation == entry.Stored.Id)?.Proba ?? 0;
        return new NodeGeneration
        {
            Generation = entry.Stored.Id,
            Tag = entry.Stored.Id,
            CreatedOn = entry.Stored.CreatedOn.ToUnixTimeMilliseconds(),
            ImportedOn = entry.Stored.ImportedOn.ToUnixTimeMilliseconds(),
            Digest = entry.Stored.Digest,
            Bytes = entry.Stored.Bytes,
            State = StateOf(service.Id, entry),
            Message = entry.Failure,
            Mounted = entry.Loaded is not null,
            MappedProba = share,
            Mapped = share * 100,
        };
    }

    private GenerationState StateOf(string service, GenerationEntry entry)
    {
        if (entry.Loaded is not null) return GenerationState.Ready;
        if (life.IsLoading(service, entry.Stored.Id)) return GenerationState.Loading;
        if (entry.Failure is not null) return GenerationState.Failed;
        return life.IsDraining(service, entry.Stored.Id) ? GenerationState.Draining : GenerationState.Available;
    }
}
