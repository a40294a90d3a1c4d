using Microsoft.Extensions.Logging;
using Peregrine.Contracts.ApiNode;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Packages.Verification;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Changes;

/// <summary>Generations: import, preload, delete.</summary>
internal sealed class GenerationChanges(
    ChangeGate gate, SnapshotBuilder snapshots, GenerationLife life, GenerationLoader loader, BesideRequests beside, ServiceStore store, TimeProvider clock,
    ILogger<GenerationChanges> log)
{
    /// <summary>Verifies a package that lies in the service's folder, golden records included, and makes it a generation; available, not active.</summary>
    /// <param name="temporary">Moved on success, left alone otherwise.</param>
    public async Task<NodeImport> ImportAsync(string id, string temporary, CancellationToken cancellationToken)
    {
        // The costly part needs no gate: it changes nothing.
        var package = await Task.Run(() => beside.Run(() => Verify(temporary, cancellationToken)), cancellationToken);
        var generation = package.Manifest.VersionId;
        await gate.ChangeAsync("import", current => EnterAsync(current, id, package, temporary, cancellationToken), cancellationToken);
        ServingLog.GenerationImported(log, id, generation, package.Digest);
        return new NodeImport { Generation = generation, Digest = package.Digest };
    }

    /// <summary>Loads a generation without giving it requests, so that switching to it takes no time.</summary>
    public Task PreloadAsync(string id, string generation, CancellationToken cancellationToken) => gate.ChangeAsync("preload", current =>
    {
        var service = Known.Service(current, id);
        var entry = Known.Generation(service, generation);
        if (entry.Loaded is not null) return Task.FromResult(current);
        var loaded = life.Load(id, entry.Stored, cancellationToken);
        return Task.FromResult(snapshots.With(current, new ServiceSnapshot(
            service.Document, [.. service.Generations.Values.Where(other => other != entry), entry with { Loaded = loaded, Failure = null }])));
    }, cancellationToken);

    /// <summary>Removes a generation from the disk; one that is mapped or that a prepared switch waits with is refused.</summary>
    public Task DeleteAsync(string id, string generation, CancellationToken cancellationToken) => gate.ChangeAsync("delete_generation", async current =>
    {
        var service = Known.Service(current, id);
        _ = Known.Generation(service, generation);
        if (service.Document.Maps(generation)) throw InUse(id, generation, "is mapped", "Switch to another one first.");
        if (service.Document.Awaits(generation)) throw InUse(id, generation, "is part of a prepared switch", "Commit or abort that first.");
        return snapshots.With(current, await ForgetAsync(service, [generation], cancellationToken));
    }, cancellationToken);

    /// <summary>Removes generations that nothing needs, package files that nobody knows, and disabled services that have none left.</summary>
    public async Task<(IReadOnlyList<string> Services, IReadOnlyList<string> Generations)> CleanUnusedAsync(CancellationToken cancellationToken)
    {
        var services = new List<string>();
        var generations = new List<string>();
        await gate.ChangeAsync("clean_unused", async current =>
        {
            foreach (var service in current.Services.Values)
            {
                var unused = service.Document.Generations.Where(stored => !service.Document.Needs(stored.Id)).Select(stored => stored.Id).ToList();
                var kept = unused.Count == 0 ? service : await ForgetAsync(service, unused, cancellationToken);
                store.DeleteUnknownPackages(kept.Document);
                generations.AddRange(unused.Select(generation => $"{service.Id}/{generation}"));
                current = snapshots.With(current, kept);
                if (kept.Document is not { Enabled: false, Generations.Count: 0 }) continue;
                store.DeleteService(service.Id);
                current = snapshots.Without(current, service.Id);
                services.Add(service.Id);
            }

            return current;
        }, cancellationToken);
        return (services, generations);
    }

    private async Task<NodeSnapshot> EnterAsync(NodeSnapshot current, string id, VerifiedPackage package, string temporary, CancellationToken cancellationToken)
    {
        var service = Known.Service(current, id);
        var generation = package.Manifest.VersionId;
        if (service.Document.Find(generation) is { } known)
        {
            if (known.Digest != package.Digest) throw OtherContent(id, generation);
            // The file may have been lost or damaged since: the same bytes mend it.
            store.Adopt(temporary, id, generation);
            return snapshots.With(current, snapshots.Build(service.Document, service, LoadRules.TryAll, cancellationToken));
        }

        var stored = new StoredGeneration
        {
            Id = generation, Digest = package.Digest, Bytes = new FileInfo(temporary).Length, CreatedOn = package.Manifest.CreatedOn, ImportedOn = clock.GetUtcNow(),
        };
        store.Adopt(temporary, id, generation);
        var document = service.Document with { Generations = [.. service.Document.Generations, stored] };
        await store.WriteAsync(document, cancellationToken);
        return snapshots.With(current, new ServiceSnapshot(document, [.. service.Generations.Values, new GenerationEntry(stored)]));
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

    private async Task<ServiceSnapshot> ForgetAsync(ServiceSnapshot service, IReadOnlyCollection<string> generations, CancellationToken cancellationToken)
    {
        var document = service.Document with { Generations = [.. service.Document.Generations.Where(stored => !generations.Contains(stored.Id))] };
        await store.WriteAsync(document, cancellationToken);
        foreach (var generation in generations) store.DeletePackage(service.Id, generation);
        return new ServiceSnapshot(document, service.Generations.Values.Where(entry => !generations.Contains(entry.Stored.Id)));
    }

    private static ApiErrorException InUse(string id, string generation, string use, string remedy) => ApiError.Conflict(
        $"Generation '{generation}' of service '{id}' {use}.", $"Generation '{generation}' of service '{id}' {use}. {remedy}", "GenerationInUse").AsException();

    private static ApiErrorException OtherContent(string id, string generation) => ApiError.Conflict(
        $"Service '{id}' already has a generation '{generation}' with another content.",
        $"Service '{id}' already has a generation '{generation}' with another content. Versions never change: give the new package a new version id.",
        "GenerationExists").AsException();
}
