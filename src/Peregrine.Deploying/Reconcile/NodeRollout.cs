using Microsoft.Extensions.Options;
using Peregrine.Contracts.ApiNode;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Keys;
using Peregrine.Deploying.Nodes;
using Peregrine.Deploying.Updates;

namespace Peregrine.Deploying.Reconcile;

/// <summary>
/// Brings one node to what is wanted, in two halves: first everything it needs, then the switch. Each half starts from what the
/// node has, so it can be repeated at any time.
/// </summary>
internal sealed class NodeRollout(
    ApiNodeClient client, NodeReader reader, PackageDelivery delivery, KeyDelivery keys, IOptions<DeployingOptions> options, TimeProvider time)
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    /// <summary>Packages on the node, loaded and checked. What the node answers with does not change.</summary>
    /// <param name="switchId">Of a switch in two steps, for updates of several nodes; null: <see cref="SwitchAsync"/> sets the mapping.</param>
    public async Task PrepareAsync(NodeTarget node, WantedService wanted, string? switchId, UpdateTrace trace, CancellationToken cancellationToken)
    {
        if (!wanted.Enabled) return;
        var (contents, difference) = await CompareAsync(node, wanted, cancellationToken);
        if (difference.Other is [var other, ..]) throw HoldsOther(node, wanted, other);
        if (difference.LacksService)
            await trace.StepAsync(node, "create service", null, () => client.CreateServiceAsync(node, wanted.ServiceId, cancellationToken));
        foreach (var package in difference.Missing)
            await trace.StepAsync(node, "upload", package.Generation, () => delivery.DeliverAsync(node, wanted.ServiceId, package, cancellationToken));
        if (switchId is not null && difference.NeedsSwitch)
        {
            // Uploads to other nodes may take their time; a switch that nobody decides must not outlive them by much.
            var expiry = options.Value.UploadTimeout + options.Value.ReadyTimeout * 2;
            await trace.StepAsync(node, "prepare switch", null, () => client.PrepareSwitchAsync(node, wanted.ServiceId, switchId, wanted.MappingOver(contents.Service?.Mapping), expiry, cancellationToken));
            return;
        }

        foreach (var package in difference.Missing.Concat(difference.NotReady))
            await trace.StepAsync(node, "preload", package.Generation, () => client.PreloadAsync(node, wanted.ServiceId, package.Generation, cancellationToken));
    }

    /// <summary>The node answers as wanted, or not at all when the deployment is disabled.</summary>
    /// <param name="switchId">The switch that <see cref="PrepareAsync"/> prepared; null: none.</param>
    public async Task SwitchAsync(NodeTarget node, WantedService wanted, string? switchId, UpdateTrace trace, CancellationToken cancellationToken)
    {
        var (contents, difference) = await CompareAsync(node, wanted, cancellationToken);
        if (difference.WrongKeys)
            await trace.StepAsync(node, "set keys", null, () => keys.DeliverAsync(node, wanted.DeploymentId, wanted.ServiceId, cancellationToken));
        // Where nothing answers yet, nothing shall answer without its limits. Elsewhere they may name an endpoint that only the switch brings.
        if (difference is { WrongLimits: true, Answers: false }) await SetLimitsAsync(node, wanted, trace, cancellationToken);
        if (switchId is not null && wanted.Enabled && difference.NeedsSwitch && await TryCommitAsync(node, wanted, switchId, trace, cancellationToken))
            (contents, difference) = await CompareAsync(node, wanted, cancellationToken);
        if (difference.WrongMapping)
            await trace.StepAsync(node, "set mapping", null, () => client.SetMappingAsync(node, wanted.ServiceId, wanted.MappingOver(contents.Service?.Mapping), cancellationToken));
        else if (difference.WrongEnabled && wanted.Enabled)
            await trace.StepAsync(node, "enable", null, () => client.EnableAsync(node, wanted.ServiceId, cancellationToken));
        else if (difference.WrongEnabled)
            await trace.StepAsync(node, "disable", null, () => client.DisableAsync(node, wanted.ServiceId, cancellationToken));
        if (difference is { WrongLimits: true, Answers: true }) await SetLimitsAsync(node, wanted, trace, cancellationToken);
        await trace.StepAsync(node, "check", null, () => WaitAsync(node, wanted, cancellationToken));
    }

    /// <summary>Gives up what was prepared. A node that does not hear of it gives it up by itself in time, so its fault is only noted.</summary>
    public async Task AbortAsync(NodeTarget node, WantedService wanted, string switchId, UpdateTrace trace, CancellationToken cancellationToken)
    {
        try
        {
            await trace.StepAsync(node, "abort switch", null, () => client.AbortSwitchAsync(node, wanted.ServiceId, switchId, cancellationToken));
        }
        catch (NodeException)
        {
            // Noted in the trace by the step.
        }
    }

    /// <returns>False when the node holds no such switch any more: it was emptied, or decided long after. Then the mapping is set as in a repair.</returns>
    private async Task<bool> TryCommitAsync(NodeTarget node, WantedService wanted, string switchId, UpdateTrace trace, CancellationToken cancellationToken)
    {
        try
        {
            await trace.StepAsync(node, "commit switch", null, () => client.CommitSwitchAsync(node, wanted.ServiceId, switchId, cancellationToken));
            return true;
        }
        catch (NodeException refused) when (refused.Fault == NodeFault.Refused)
        {
            return false;
        }
    }

    public Task RemoveAsync(NodeTarget node, string serviceId, UpdateTrace trace, CancellationToken cancellationToken) =>
        trace.StepAsync(node, $"delete service '{serviceId}'", null, () => client.DeleteServiceAsync(node, serviceId, cancellationToken));

    private Task SetLimitsAsync(NodeTarget node, WantedService wanted, UpdateTrace trace, CancellationToken cancellationToken) =>
        trace.StepAsync(node, "set rate limits", null, () => client.SetLimitsAsync(node, wanted.ServiceId, wanted.RateLimits!, cancellationToken));

    private async Task<(NodeContents Contents, NodeDifference Difference)> CompareAsync(NodeTarget node, WantedService wanted, CancellationToken cancellationToken)
    {
        var contents = await reader.ReadAsync(node, wanted, cancellationToken);
        return (contents, NodeDifference.Between(wanted, contents));
    }

    /// <summary>Polls until the node reports what is wanted.</summary>
    private async Task WaitAsync(NodeTarget node, WantedService wanted, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var pause = FirstPoll; ; pause = pause * 2 < LongestPoll ? pause * 2 : LongestPoll)
        {
            var (contents, difference) = await CompareAsync(node, wanted, cancellationToken);
            // Keys may have changed since the update began; those of the moment were delivered.
            if ((difference with { WrongKeys = false }).IsNone) return;
            if (FailedOf(wanted, contents.Service) is { } failed)
                throw new NodeException(node.Url, NodeFault.Refused, $"Node {node.Url} cannot load generation '{failed.Generation}': {failed.Message ?? "its log says why."}");
            if (time.GetElapsedTime(start) > options.Value.ReadyTimeout)
                throw new NodeException(node.Url, NodeFault.Timeout,
                    $"Node {node.Url} is not as wanted after {options.Value.ReadyTimeout.TotalSeconds:0.#} s. Check its load and its log.");
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private static NodeGeneration? FailedOf(WantedService wanted, NodeService? service) => service?.Generations.FirstOrDefault(generation =>
        generation.State == GenerationState.Failed && wanted.Packages.Any(package => package.Generation == generation.Generation));

    private static NodeException HoldsOther(NodeTarget node, WantedService wanted, WantedPackage package) => new(
        node.Url, NodeFault.Refused,
        $"Node {node.Url} holds another package as generation '{package.Generation}' of service '{wanted.ServiceId}'. "
        + "Versions never change: publish under a new version id, or delete the service on the node.");
}
