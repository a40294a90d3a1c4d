using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Authentication;
using Peregrine.Serving.Changes;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving;

/// <summary>Takes up the last good state before the web server starts. A disk that takes no writes does not keep the node from serving what it can read.</summary>
internal sealed class ServingStartup(NodeStart start, NodeHealth health, AdminKeyStore keys, IOptions<ServingOptions> options, ILogger<ServingStartup> log) : IHostedService
{
    private const string KeyLabel = "preset at start";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.AdminKey is { } preset) await TakeKeyAsync(preset, cancellationToken);
        await start.RunAsync(cancellationToken);
        DropGarbageOfTheStart();
        health.Started();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Nobody is answered yet, so it costs a few milliseconds here and none of the first requests' time; what a start throws away is most of the heap by then.</summary>
    private static void DropGarbageOfTheStart() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private async Task TakeKeyAsync(string preset, CancellationToken cancellationToken)
    {
        try
        {
            await keys.SetPresetAsync(preset, KeyLabel, cancellationToken);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            keys.HoldPreset(preset, KeyLabel);
            health.Remark($"the disk took no writes at the start: {refused.Message}");
            ServingLog.KeyNotStored(log, refused.Message);
        }
    }
}
