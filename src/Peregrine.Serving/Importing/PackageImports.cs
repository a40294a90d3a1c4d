using System.Collections.Concurrent;
using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Files;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Changes;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Importing;

/// <summary>Imports by digest: what the node has is not sent again.</summary>
internal sealed class PackageImports(NodeState node, PartialUploads partial, GenerationChanges generations, ServiceStore store, FileLayer layer)
{
    private readonly ConcurrentDictionary<(string Service, string Digest), byte> _busy = new();

    /// <summary>What the node has of a package; null: nothing.</summary>
    public NodePackage? Find(string id, string digest)
    {
        var service = Known.Service(node.Current, id);
        if (Held(service, digest) is { } here) return new NodePackage { Digest = digest, Place = PackagePlace.Generation, Bytes = here.Bytes, Generation = here.Id };
        if (Elsewhere(digest) is { } other) return new NodePackage { Digest = digest, Place = PackagePlace.Node, Bytes = other.Stored.Bytes, Generation = other.Stored.Id };
        return partial.LengthOf(id, digest) is { } bytes ? new NodePackage { Digest = digest, Place = PackagePlace.Partial, Bytes = bytes } : null;
    }

    /// <summary>Takes the next bytes of a package.</summary>
    public Task<NodePackage> AppendAsync(string id, string digest, long offset, Stream content, CancellationToken cancellationToken) => AloneAsync(id, digest, async () =>
    {
        var bytes = await partial.AppendAsync(id, digest, offset, content, cancellationToken);
        return new NodePackage { Digest = digest, Place = PackagePlace.Partial, Bytes = bytes };
    });

    /// <summary>Makes a generation of what has arrived or what another service has; the same checks as for any upload.</summary>
    public Task<NodeImport> ImportAsync(string id, string digest, CancellationToken cancellationToken) => AloneAsync(id, digest, async () =>
    {
        var service = Known.Service(node.Current, id);
        if (Held(service, digest) is { } here) return new NodeImport { Generation = here.Id, Digest = digest };
        if (partial.LengthOf(id, digest) is not null && await partial.IsWholeAsync(id, digest, cancellationToken)) return await TakeAsync(id, digest, cancellationToken);
        if (Elsewhere(digest) is { } other) return await CopyAsync(id, store.PackagePath(other.Service, other.Stored.Id), cancellationToken);
        throw ImportFaults.NotFound(digest);
    });

    /// <summary>Makes a generation of what has arrived.</summary>
    public Task<NodeImport> CompleteAsync(string id, string digest, CancellationToken cancellationToken) => AloneAsync(id, digest, async () =>
    {
        // Somebody else who sent the same bytes may have been first.
        if (partial.LengthOf(id, digest) is null && Held(Known.Service(node.Current, id), digest) is { } here) return new NodeImport { Generation = here.Id, Digest = digest };
        if (await partial.IsWholeAsync(id, digest, cancellationToken)) return await TakeAsync(id, digest, cancellationToken);
        partial.Delete(id, digest);
        throw ImportFaults.Mismatch(digest);
    });

    /// <summary>One request at a time works on a package of a service: between two looks at its file it would be gone.</summary>
    private async Task<T> AloneAsync<T>(string id, string digest, Func<Task<T>> work)
    {
        if (!_busy.TryAdd((id, digest), 0)) throw ImportFaults.Busy(digest);
        try
        {
            return await work();
        }
        finally
        {
            _busy.TryRemove((id, digest), out _);
        }
    }

    private async Task<NodeImport> TakeAsync(string id, string digest, CancellationToken cancellationToken)
    {
        try
        {
            return await generations.ImportAsync(id, partial.PathOf(id, digest), cancellationToken);
        }
        catch (ApiErrorException refused) when (refused.Error.Status is >= 400 and < 500)
        {
            // The same bytes would be refused again.
            partial.Delete(id, digest);
            throw;
        }
    }

    private async Task<NodeImport> CopyAsync(string id, string source, CancellationToken cancellationToken)
    {
        var copy = Path.Combine(store.GenerationsFolder(id), $"import.{Guid.NewGuid():N}{DurableFile.TemporarySuffix}");
        try
        {
            await using (var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete))
            await using (var to = layer.Create(copy, mode: null))
                await from.CopyToAsync(to, cancellationToken);
            return await generations.ImportAsync(id, copy, cancellationToken);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private (string Service, StoredGeneration Stored)? Elsewhere(string digest)
    {
        foreach (var service in node.Current.Services.Values)
            if (Held(service, digest) is { } stored) return (service.Id, stored);
        return null;
    }

    /// <summary>The generation of that digest whose file looks whole; the digest itself is compared when it is read.</summary>
    private StoredGeneration? Held(ServiceSnapshot service, string digest) => service.Generations.Values
        .Where(entry => entry.Stored.Digest == digest && entry.Failure is null)
        .Select(entry => entry.Stored)
        .FirstOrDefault(stored => new FileInfo(store.PackagePath(service.Id, stored.Id)) is { Exists: true } file && file.Length == stored.Bytes);
}
