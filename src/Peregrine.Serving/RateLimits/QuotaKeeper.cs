using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Peregrine.Serving.RateLimits;

/// <summary>Has what quotas have counted written down every few seconds and at the end.</summary>
internal sealed class QuotaKeeper(RateLimitStore store, IOptions<RateLimitOptions> options, TimeProvider clock) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await store.SaveQuotasAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.QuotaSaveInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await store.SaveQuotasAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end; the last counts are written by StopAsync.
        }
    }
}
