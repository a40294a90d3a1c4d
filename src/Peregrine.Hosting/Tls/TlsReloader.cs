using Microsoft.Extensions.Hosting;

namespace Peregrine.Hosting.Tls;

/// <summary>Looks at the files of certificates now and then. By their content: a watcher of the file system misses what container platforms do with links.</summary>
internal sealed class TlsReloader(TlsStates states, TimeProvider clock) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(states.On.Select(state => WatchAsync(state, stoppingToken)));

    private async Task WatchAsync(TlsState state, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(state.Options.ReloadInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) state.Refresh();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped as asked.
        }
    }
}
