using Peregrine.Hosting.Errors;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Changes;

/// <summary>From a service's document to the snapshot that serves it.</summary>
internal sealed class SnapshotBuilder(GenerationLife life, ServiceStore store, ServingMetrics metrics)
{
    /// <summary>
    /// The snapshot of a document: keeps what is loaded, loads what is needed and not loaded. With another mapping than before, what nothing needs is let go.
    /// </summary>
    public ServiceSnapshot Build(ServiceDocument document, ServiceSnapshot? before, LoadRules rules, CancellationToken cancellationToken)
    {
        var entries = new List<GenerationEntry>();
        var loadedNow = new List<LoadedGeneration>();
        try
        {
            foreach (var stored in document.Generations)
            {
                var entry = before?.Generations.GetValueOrDefault(stored.Id) ?? new GenerationEntry(stored);
                if (!document.Needs(stored.Id)) entry = IsPreloaded(document, before, stored.Id) ? entry : new GenerationEntry(stored);
                else if (entry.Loaded is null && (entry.Failure is null || rules.RetryFailed || rules.Must(stored.Id)))
                    entry = LoadNeeded(document.ServiceId, stored, rules, loadedNow, cancellationToken);
                entries.Add(entry);
            }

            return new ServiceSnapshot(document, entries);
        }
        catch
        {
            foreach (var loaded in loadedNow) loaded.Release();
            throw;
        }
    }

    /// <summary>Builds the snapshot of a service's next document, writes the document, and answers the node's next snapshot.</summary>
    public async Task<NodeSnapshot> AdvanceAsync(
        NodeSnapshot current, ServiceSnapshot service, ServiceDocument document, LoadRules rules, CancellationToken cancellationToken)
    {
        var next = Build(document, service, rules, cancellationToken);
        try
        {
            await store.WriteAsync(document, cancellationToken);
        }
        catch
        {
            foreach (var loaded in next.Forceable.Where(loaded => !service.Forceable.Contains(loaded))) loaded.Release();
            throw;
        }

        return With(current, next);
    }

    public NodeSnapshot With(NodeSnapshot current, ServiceSnapshot service) =>
        new([.. current.Services.Values.Where(other => other.Id != service.Id), service], current.Unreadable, metrics);

    public NodeSnapshot Without(NodeSnapshot current, string service) =>
        new(current.Services.Values.Where(other => other.Id != service), current.Unreadable, metrics);

    /// <summary>Whether a generation that nothing needs was loaded by a call of its own, and the mapping has not changed since.</summary>
    private static bool IsPreloaded(ServiceDocument document, ServiceSnapshot? before, string generation) =>
        before is not null && ReferenceEquals(document.Mapping, before.Document.Mapping) && !before.Document.Needs(generation);

    private GenerationEntry LoadNeeded(
        string service, StoredGeneration stored, LoadRules rules, List<LoadedGeneration> loadedNow, CancellationToken cancellationToken)
    {
        try
        {
            var loaded = life.Load(service, stored, cancellationToken);
            loadedNow.Add(loaded);
            return new GenerationEntry(stored, loaded);
        }
        catch (ApiErrorException refused) when (!rules.Must(stored.Id))
        {
            return new GenerationEntry(stored, Failure: refused.Error.DetailedMessage);
        }
    }
}
