using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Deploying.Changes;
using Peregrine.Deploying.Updates;

namespace Peregrine.Deploying.Reconcile;

/// <summary>Reconciles at the start, at every interval, and soon after the nodes of an infrastructure were changed.</summary>
internal sealed class ReconcileLoop(
    Reconciler reconciler, UpdateJournal journal, DeployerEvents events, TimeProvider time, IOptions<DeployingOptions> options,
    ILogger<ReconcileLoop> logger) : BackgroundService
{
    private readonly Channel<bool> _nudges = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var interrupted = await journal.EndInterruptedAsync(cancellationToken);
        if (interrupted > 0) ReconcileLog.Interrupted(logger, interrupted);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listening = events.Subscribe(change =>
        {
            if (change.Kind == DeployerChangeKind.Infrastructure) _nudges.Writer.TryWrite(true);
        });
        while (!stoppingToken.IsCancellationRequested)
        {
            await RoundAsync(stoppingToken);
            await WaitAsync(stoppingToken);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Boundary of the loop: reported, and the next round comes.")]
    private async Task RoundAsync(CancellationToken stoppingToken)
    {
        try
        {
            await reconciler.ReconcileAllAsync(stoppingToken);
        }
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
        {
            ReconcileLog.RoundFailed(logger, fault);
        }
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny(Task.Delay(options.Value.ReconcileInterval, time, wait.Token), _nudges.Reader.ReadAsync(wait.Token).AsTask());
        await wait.CancelAsync();
    }
}
