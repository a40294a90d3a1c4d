using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Drift;

/// <summary>Brings counts into the windows while time goes on, so that each falls into its slice.</summary>
/// <param name="metrics">Made with the collector, so that the gauges are there from the start.</param>
internal sealed class DriftCollector(NodeState node, IOptions<DriftOptions> options, TimeProvider time, DriftMetrics metrics) : BackgroundService
{
    /// <summary>What the node shows of drift.</summary>
    public DriftMetrics Metrics { get; } = metrics;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled) return;
        using var timer = new PeriodicTimer(options.Value.CollectInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                foreach (var (_, endpoint) in DriftSketches.LoadedOf(node.Current.Services.Values)) endpoint.Drift?.Collect();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops; the counts end with it.
        }
    }
}
