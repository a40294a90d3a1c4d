using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Changes;

/// <summary>Loads generations, lets them go, and knows which are on their way in or out.</summary>
internal sealed class GenerationLife(
    GenerationLoader loader, BesideRequests beside, ServiceStore store, IHostApplicationLifetime process, TimeProvider clock, ILogger<GenerationLife> log)
{
    private readonly ConcurrentDictionary<(string Service, string Generation), byte> _loading = new();
    private readonly ConcurrentDictionary<LoadedGeneration, byte> _draining = new();

    /// <summary>Whether a generation is being loaded now.</summary>
    public bool IsLoading(string service, string generation) => _loading.ContainsKey((service, generation));

    /// <summary>Whether a generation that was let go still finishes requests.</summary>
    public bool IsDraining(string service, string generation) => _draining.Keys.Any(loaded => loaded.Service == service && loaded.Id == generation);

    /// <exception cref="ApiErrorException">It cannot be loaded; the message says why.</exception>
    public LoadedGeneration Load(string service, StoredGeneration stored, CancellationToken cancellationToken)
    {
        _loading[(service, stored.Id)] = 0;
        var started = clock.GetTimestamp();
        try
        {
            // Before the start is over there are no requests to yield to.
            var loaded = process.ApplicationStarted.IsCancellationRequested ? beside.Run(Load) : Load();
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

        LoadedGeneration Load() => loader.Load(service, stored, store.PackagePath(service, stored.Id), Released, cancellationToken);
    }

    /// <summary>Gives up the snapshots' hold on every generation that the next snapshot no longer has.</summary>
    public void LetGo(NodeSnapshot before, NodeSnapshot next)
    {
        var kept = next.Services.Values.SelectMany(service => service.Forceable).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var loaded in before.Services.Values.SelectMany(service => service.Forceable))
        {
            if (kept.Contains(loaded)) continue;
            _draining[loaded] = 0;
            loaded.Release();
        }
    }

    private void Released(LoadedGeneration loaded)
    {
        _draining.TryRemove(loaded, out _);
        ServingLog.GenerationReleased(log, loaded.Service, loaded.Id);
    }
}
