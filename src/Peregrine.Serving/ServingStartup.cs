using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Authentication;
using Peregrine.Serving.Changes;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving;

/// <summary>Takes up the last good state before the web server starts.</summary>
internal sealed class ServingStartup(NodeStart start, NodeHealth health, AdminKeyStore keys, IOptions<ServingOptions> options) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.AdminKey is { } preset) await keys.SetPresetAsync(preset, "preset at start", cancellationToken);
        await start.RunAsync(cancellationToken);
        health.Started();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
