using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Peregrine.Serving.Access.Keys;

/// <summary>Has the last uses of keys written down now and then, and at the end.</summary>
internal sealed class KeyUseKeeper(ServiceKeyStore keys, KeyUseFiles files, IOptions<AccessOptions> options, TimeProvider clock) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SaveAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.KeyUseSaveInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await SaveAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end; the last uses are written by StopAsync.
        }
    }

    private Task SaveAsync(CancellationToken cancellationToken) =>
        files.WriteAsync(keys.Slots.Select(slot => KeyValuePair.Create(slot.Key, slot.Value.Current.Uses)), cancellationToken);
}
