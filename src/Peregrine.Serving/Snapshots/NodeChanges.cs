using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Peregrine.Contracts.ApiNode;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Packages.Verification;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Mapping;
using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.Snapshots;

/// <summary>
/// Every change of what the node serves, one at a time. A change prepares the next snapshot off the request path, makes it durable,
/// and then swaps one reference; when anything fails before the swap, nothing has changed.
/// </summary>
internal sealed class NodeChanges(
    NodeState state, ServiceStore store, GenerationLoader loader, ServingMetrics metrics, TimeProvider clock, ILogger<NodeChanges> log) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentDictionary<(string Service, string Generation), byte> _loading = new();
    private readonly ConcurrentDictionary<LoadedGeneration, byte> _draining = new();

    /// <summary>Whether a generation is being loaded now.</summary>
    public bool IsLoading(string service, string generation) => _loading.ContainsKey((service, generation));

    /// <summary>Whether a generation that was let go still finishes requests.</summary>
    public bool IsDraining(string service, string generation) => _draining.Keys.Any(loaded => loaded.Service == service && loaded.Id == generation);

    public void Dispose() => _gate.Dispose();

    /// <summary>Takes up what the disk holds: the last good state. A service or generation that cannot be loaded is told, not fatal.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => ChangeAsync("start", _ =>
    {
        store.CleanUp();
        var services = new List<ServiceSnapshot>();
        var unreadable = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var id in store.ServiceIds())
        {
            try
            {
                services.Add(Build(store.Read(id), before: null, tolerant: true, cancellationToken));
            }
            catch (InvalidDataException damaged)
            {
                unreadable[id] = damaged.Message;
                ServingLog.ServiceUnreadable(log, id, damaged.Message);
            }
        }

        return Task.FromResult(new NodeSnapshot(services, unreadable.ToFrozenDictionary(StringComparer.Ordinal), metrics));
    }, cancellationToken);

    public Task CreateServiceAsync(string id, CancellationToken cancellationToken) => ChangeAsync("create_service", async current =>
    {
        if (!PackageIds.IsValid(id))
            throw ApiError.BadRequest($"'{id}' cannot be the id of a service.", $"'{id}' cannot be the id of a service: an id is {PackageIds.Rule}.", "InvalidId").AsException();
        if (current.Services.ContainsKey(id) || current.Unreadable.ContainsKey(id))
            throw ApiError.Conflict($"There is already a service '{id}' on this node.", errorType: "ServiceExists").AsException();
        var document = new ServiceDocument { ServiceId = id };
        await store.WriteAsync(document, cancellationToken);
        return With(current, new ServiceSnapshot(document, []));
    }, cancellationToken);

    public Task DeleteServiceAsync(string id, CancellationToken cancellationToken) => ChangeAsync("delete_service", current =>
    {
        _ = Service(current, id);
        store.DeleteService(id);
        return Task.FromResult(Without(current, id));
    }, cancellationToken);

    public Task SetEnabledAsync(string id, bool enabled, CancellationToken cancellationToken) =>
        ChangeServiceAsync(enabled ? "enable" : "disable", id, service => service.Document with { Enabled = enabled }, cancellationToken);

    /// <summary>Verifies a package that lies in the service's folder and makes it a generation; available, not active.</summary>
    /// <param name="temporary">Moved on success, left alone otherwise.</param>
    public async Task<NodeImport> ImportAsync(string id, string temporary, CancellationToken cancellationToken)
    {
        // The costly part needs no gate: it changes nothing.
        var package = await Task.Run(() => Verify(temporary, cancellationToken), cancellationToken);
        var generation = package.Manifest.VersionId;
        await ChangeAsync("import", async current =>
        {
            var service = Service(current, id);
            if (service.Document.Find(generation) is { } known)
            {
                if (known.Digest != package.Digest)
                    throw ApiError.Conflict(
                        $"Service '{id}' already has a generation '{generation}' with another content.",
                        $"Service '{id}' already has a generation '{generation}' with another content. Versions never change: give the new package a new version id.",
                        "GenerationExists").AsException();
                // The file may have been lost or damaged since: the same bytes mend it.
                store.Adopt(temporary, id, generation);
                return With(current, Build(service.Document, service, tolerant: true, cancellationToken));
            }

            var stored = new StoredGeneration
            {
                Id = generation, Digest = package.Digest, Bytes = new FileInfo(temporary).Length, CreatedOn = package.Manifest.CreatedOn, ImportedOn = clock.GetUtcNow(),
            };
            store.Adopt(temporary, id, generation);
            var document = service.Document with { Generations = [.. service.Document.Generations, stored] };
            await store.WriteAsync(document, cancellationToken);
            return With(current, new ServiceSnapshot(document, [.. service.Generations.Values, new GenerationEntry(stored)]));
        }, cancellationToken);
        ServingLog.GenerationImported(log, id, generation, package.Digest);
        return new NodeImport { Generation = generation, Digest = package.Digest };
    }

    /// <summary>Loads a generation without giving it requests, so that switching to it takes no time.</summary>
    public Task PreloadAsync(string id, string generation, CancellationToken cancellationToken) => ChangeAsync("preload", current =>
    {
        var service = Service(current, id);
        var entry = Generation(service, generation);
        if (entry.Loaded is not null) return Task.FromResult(current);
        var loaded = Load(id, entry.Stored, cancellationToken);
        return Task.FromResult(With(current, new ServiceSnapshot(
            service.Document, [.. service.Generations.Values.Where(other => other != entry), entry with { Loaded = loaded, Failure = null }])));
    }, cancellationToken);

    public Task SetMappingAsync(string id, NodeMapping mapping, CancellationToken cancellationToken)
    {
        if (MappingRules.Check(mapping) is { Count: > 0 } faults)
            throw (ApiError.BadRequest("The mapping is not sound.", $"The mapping is not sound: {faults[0].Message}", "BadMapping") with
            {
                Errors = [.. faults.Select(fault => new ApiErrorItem(fault.Pointer, "BadMapping", fault.Message))],
            }).AsException();
        return ChangeServiceAsync("set_mapping", id, service =>
        {
            foreach (var share in mapping.Entries) _ = Generation(service, share.Generation);
            return service.Document with { Enabled = true, Mapping = mapping };
        }, cancellationToken);
    }

    /// <summary>Gives all requests to the generation that was packaged last.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> SwitchToNewestAsync(string id, CancellationToken cancellationToken)
    {
        var newest = "";
        await ChangeServiceAsync("switch_to_newest", id, service =>
        {
            newest = service.Document.Generations.OrderBy(stored => stored.CreatedOn).ThenBy(stored => stored.ImportedOn).LastOrDefault()?.Id
                     ?? throw ApiError.Conflict($"Service '{id}' has no generation to switch to.", $"Service '{id}' has no generation to switch to. Import one first.", "NoGeneration").AsException();
            return service.Document with { Enabled = true, Mapping = NodeMapping.Single(newest) };
        }, cancellationToken);
        return newest;
    }

    /// <summary>Removes a generation from the disk; one that is mapped is refused.</summary>
    public Task DeleteGenerationAsync(string id, string generation, CancellationToken cancellationToken) => ChangeAsync("delete_generation", async current =>
    {
        var service = Service(current, id);
        _ = Generation(service, generation);
        if (service.Document.Maps(generation))
            throw ApiError.Conflict($"Generation '{generation}' of service '{id}' is mapped.", $"Generation '{generation}' of service '{id}' is mapped. Switch to another one first.", "GenerationInUse").AsException();
        return With(current, await ForgetAsync(service, generation, cancellationToken));
    }, cancellationToken);

    /// <summary>Removes generations that no mapping names, and disabled services that have none left.</summary>
    public async Task<(IReadOnlyList<string> Services, IReadOnlyList<string> Generations)> CleanUnusedAsync(CancellationToken cancellationToken)
    {
        var services = new List<string>();
        var generations = new List<string>();
        await ChangeAsync("clean_unused", async current =>
        {
            foreach (var service in current.Services.Values)
            {
                var kept = service;
                foreach (var stored in service.Document.Generations.Where(stored => !service.Document.Maps(stored.Id)))
                {
                    kept = await ForgetAsync(kept, stored.Id, cancellationToken);
                    generations.Add($"{service.Id}/{stored.Id}");
                }

                current = With(current, kept);
                if (kept.Document is not { Enabled: false, Generations.Count: 0 }) continue;
                store.DeleteService(service.Id);
                current = Without(current, service.Id);
                services.Add(service.Id);
            }

            return current;
        }, cancellationToken);
        return (services, generations);
    }

    private Task ChangeServiceAsync(string kind, string id, Func<ServiceSnapshot, ServiceDocument> change, CancellationToken cancellationToken) =>
        ChangeAsync(kind, async current =>
        {
            var service = Service(current, id);
            var document = change(service);
            var next = Build(document, service, tolerant: !document.Enabled, cancellationToken);
            try
            {
                await store.WriteAsync(document, cancellationToken);
            }
            catch
            {
                Abandon(next, service);
                throw;
            }

            return With(current, next);
        }, cancellationToken);

    private async Task ChangeAsync(string kind, Func<NodeSnapshot, Task<NodeSnapshot>> change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        var succeeded = false;
        try
        {
            var before = state.Current;
            // Loading a model keeps a processor busy: not on the thread of whoever asked.
            var next = await Task.Run(() => change(before), cancellationToken);
            state.Swap(next);
            LetGo(before, next);
            succeeded = true;
        }
        finally
        {
            metrics.RecordChange(kind, succeeded);
            _gate.Release();
        }
    }

    /// <summary>
    /// The snapshot of a document: keeps what is loaded, loads what is mapped and not loaded. With another mapping than before, what it does not name is let go.
    /// </summary>
    /// <param name="tolerant">A generation that cannot be loaded is noted as failed; otherwise it fails the change.</param>
    private ServiceSnapshot Build(ServiceDocument document, ServiceSnapshot? before, bool tolerant, CancellationToken cancellationToken)
    {
        var entries = new List<GenerationEntry>();
        var loadedNow = new List<LoadedGeneration>();
        var remapped = !ReferenceEquals(document.Mapping, before?.Document.Mapping);
        try
        {
            foreach (var stored in document.Generations)
            {
                var entry = before?.Generations.GetValueOrDefault(stored.Id) ?? new GenerationEntry(stored);
                if (!document.Maps(stored.Id)) entry = remapped ? new GenerationEntry(stored) : entry;
                else if (entry.Loaded is null) entry = LoadMapped(document.ServiceId, stored, tolerant, loadedNow, cancellationToken);
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

    private GenerationEntry LoadMapped(
        string service, StoredGeneration stored, bool tolerant, List<LoadedGeneration> loadedNow, CancellationToken cancellationToken)
    {
        try
        {
            var loaded = Load(service, stored, cancellationToken);
            loadedNow.Add(loaded);
            return new GenerationEntry(stored, loaded);
        }
        catch (ApiErrorException refused) when (tolerant)
        {
            return new GenerationEntry(stored, Failure: refused.Error.DetailedMessage);
        }
    }

    private LoadedGeneration Load(string service, StoredGeneration stored, CancellationToken cancellationToken)
    {
        _loading[(service, stored.Id)] = 0;
        var started = clock.GetTimestamp();
        try
        {
            var loaded = loader.Load(service, stored, store.PackagePath(service, stored.Id), Released, cancellationToken);
            ServingLog.GenerationLoaded(log, service, stored.Id, clock.GetElapsedTime(started).TotalMilliseconds);
            return loaded;
        }
        catch (Exception fault) when (fault is PackageException or IOException or UnauthorizedAccessException)
        {
            ServingLog.GenerationFailed(log, service, stored.Id, fault.Message);
            var message = $"Generation '{stored.Id}' of service '{service}' cannot be loaded.";
            throw ApiError.Unprocessable(message, $"{message} {fault.Message}", errorType: "GenerationUnusable").AsException(fault);
        }
        finally
        {
            _loading.TryRemove((service, stored.Id), out _);
        }
    }

    private VerifiedPackage Verify(string path, CancellationToken cancellationToken)
    {
        try
        {
            return loader.Verify(path, cancellationToken);
        }
        catch (PackageException refused)
        {
            var error = refused.Fault.Code == PackageFaultCode.TooLarge
                ? ApiError.PayloadTooLarge("The package is larger than this node takes.", refused.Message)
                : ApiError.Unprocessable("The package is refused.", $"The package is refused: {refused.Message}", errorType: refused.Fault.Code.ToString());
            throw error.AsException(refused);
        }
    }

    private async Task<ServiceSnapshot> ForgetAsync(ServiceSnapshot service, string generation, CancellationToken cancellationToken)
    {
        var document = service.Document with { Generations = [.. service.Document.Generations.Where(stored => stored.Id != generation)] };
        await store.WriteAsync(document, cancellationToken);
        store.DeletePackage(service.Id, generation);
        return new ServiceSnapshot(document, service.Generations.Values.Where(entry => entry.Stored.Id != generation));
    }

    /// <summary>Gives up the snapshots' hold on every generation that the next snapshot no longer has.</summary>
    private void LetGo(NodeSnapshot before, NodeSnapshot next)
    {
        var kept = next.Services.Values.SelectMany(service => service.Forceable).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var loaded in before.Services.Values.SelectMany(service => service.Forceable))
        {
            if (kept.Contains(loaded)) continue;
            _draining[loaded] = 0;
            loaded.Release();
        }
    }

    /// <summary>Gives up what was loaded for a snapshot that did not come to be.</summary>
    private static void Abandon(ServiceSnapshot next, ServiceSnapshot before)
    {
        foreach (var loaded in next.Forceable.Where(loaded => !before.Forceable.Contains(loaded))) loaded.Release();
    }

    private void Released(LoadedGeneration loaded)
    {
        _draining.TryRemove(loaded, out _);
        ServingLog.GenerationReleased(log, loaded.Service, loaded.Id);
    }

    private NodeSnapshot With(NodeSnapshot current, ServiceSnapshot service) =>
        new([.. current.Services.Values.Where(other => other.Id != service.Id), service], current.Unreadable, metrics);

    private NodeSnapshot Without(NodeSnapshot current, string service) =>
        new(current.Services.Values.Where(other => other.Id != service), current.Unreadable, metrics);

    private static ServiceSnapshot Service(NodeSnapshot current, string id)
    {
        if (current.Services.TryGetValue(id, out var service)) return service;
        throw Predictions.DispatchFaults.UnknownService(current, id).AsException();
    }

    private static GenerationEntry Generation(ServiceSnapshot service, string generation) =>
        service.Generations.GetValueOrDefault(generation)
        ?? throw ApiError.NotFound(
            $"Service '{service.Id}' has no generation '{generation}'.", $"Service '{service.Id}' has no generation '{generation}'. Import it first.",
            "GenerationNotFound").AsException();
}
