using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Switching;

/// <summary>Ends switches that nobody decided in time, so that what they hold in memory is let go.</summary>
internal sealed class SwitchExpiry(
    NodeState node, SwitchChanges switches, IOptions<SwitchingOptions> options, TimeProvider clock, ILogger<SwitchExpiry> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CheckInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await CheckAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops; what is overdue is ended at its next start.
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Boundary of a background loop: reported, and tried again.")]
    private async Task CheckAsync(CancellationToken stoppingToken)
    {
        var now = clock.GetUtcNow();
        foreach (var service in node.Current.Services.Values)
        {
            if (!service.Document.Switches.Any(stored => stored.IsOverdue(now))) continue;
            try
            {
                await switches.ExpireAsync(service.Id, stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                ServingLog.NotExpired(log, service.Id, fault);
            }
        }
    }
}
