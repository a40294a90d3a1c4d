using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.ApiNode;
using Peregrine.Packages;
using Peregrine.Serving.Changes;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Mapping;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Switching;

/// <summary>
/// Switching in two steps, so that many nodes can switch together: all prepare, and when all could, all commit. The intent stands in the
/// service's document: it survives a restart, and a commit puts the mapping in force and ends the switch in one write. Every step may be repeated.
/// </summary>
internal sealed class SwitchChanges(
    ChangeGate gate, SnapshotBuilder snapshots, NodeState node, IOptions<SwitchingOptions> options, TimeProvider clock, ILogger<SwitchChanges> log)
{
    /// <summary>The switches of a service, oldest first.</summary>
    public NodeSwitches List(string id)
    {
        var service = Known.Service(node.Current, id);
        return new NodeSwitches([.. service.Document.Switches.Select(stored => Describe(service, stored))]);
    }

    public NodeSwitch Find(string id, string switchId)
    {
        var service = Known.Service(node.Current, id);
        return Describe(service, service.Document.FindSwitch(switchId) ?? throw SwitchFaults.NotFound(id, switchId));
    }

    /// <summary>Loads, checks and warms up all that a mapping needs, and remembers the intent. What the node answers with does not change.</summary>
    public async Task<NodeSwitch> PrepareAsync(string id, string switchId, PrepareSwitch request, CancellationToken cancellationToken)
    {
        if (!PackageIds.IsValid(switchId)) throw SwitchFaults.BadId(switchId);
        MappingRules.EnsureSound(request.Mapping);
        var expiry = ExpiryOf(request);
        await gate.ChangeAsync("prepare_switch", current =>
        {
            var service = Known.Service(current, id);
            foreach (var generation in request.Mapping.Generations) _ = Known.Generation(service, generation);
            var document = Enter(service.Document, switchId, request.Mapping, expiry);
            return snapshots.AdvanceAsync(current, service, document, new LoadRules(request.Mapping.Names, RetryFailed: false), cancellationToken);
        }, cancellationToken);
        return Told(id, switchId);
    }

    /// <summary>Puts the mapping of a prepared switch in force; the service is enabled with it.</summary>
    public async Task<NodeSwitch> CommitAsync(string id, string switchId, CancellationToken cancellationToken)
    {
        await gate.ChangeAsync("commit_switch", current =>
        {
            var service = Known.Service(current, id);
            var now = clock.GetUtcNow();
            var stored = service.Document.ExpireSwitches(now).FindSwitch(switchId) ?? throw SwitchFaults.NotFound(id, switchId);
            if (stored.State == SwitchState.Committed) return Task.FromResult(current);
            if (!stored.IsOpen()) throw SwitchFaults.Ended(stored);
            var document = service.Document.WithSwitch(stored.End(SwitchState.Committed, now), options.Value.KeptEnded) with { Enabled = true, Mapping = stored.Mapping };
            return snapshots.AdvanceAsync(current, service, document, new LoadRules(document.Maps, RetryFailed: false), cancellationToken);
        }, cancellationToken);
        return Told(id, switchId);
    }

    /// <summary>Gives a switch up and lets go what only it needed. One that was never prepared is remembered as aborted, so that a prepare that comes late is refused.</summary>
    public async Task<NodeSwitch> AbortAsync(string id, string switchId, CancellationToken cancellationToken)
    {
        if (!PackageIds.IsValid(switchId)) throw SwitchFaults.BadId(switchId);
        await gate.ChangeAsync("abort_switch", current =>
        {
            var service = Known.Service(current, id);
            var now = clock.GetUtcNow();
            var stored = service.Document.FindSwitch(switchId) ?? new StoredSwitch { Id = switchId, State = SwitchState.Prepared, PreparedOn = now, ExpiresOn = now };
            if (stored.State == SwitchState.Committed) throw SwitchFaults.Ended(stored);
            if (!stored.IsOpen()) return Task.FromResult(current);
            var document = service.Document.WithSwitch(stored.End(SwitchState.Aborted, now), options.Value.KeptEnded);
            return snapshots.AdvanceAsync(current, service, document, LoadRules.Lenient, cancellationToken);
        }, cancellationToken);
        return Told(id, switchId);
    }

    /// <summary>Ends the overdue switches of a service.</summary>
    public Task ExpireAsync(string id, CancellationToken cancellationToken) => gate.ChangeAsync("expire_switch", async current =>
    {
        if (!current.Services.TryGetValue(id, out var service)) return current;
        var document = service.Document.ExpireSwitches(clock.GetUtcNow());
        return ReferenceEquals(document, service.Document) ? current : await snapshots.AdvanceAsync(current, service, document, LoadRules.Lenient, cancellationToken);
    }, cancellationToken);

    private ServiceDocument Enter(ServiceDocument document, string switchId, NodeMapping mapping, TimeSpan expiry)
    {
        var now = clock.GetUtcNow();
        document = document.ExpireSwitches(now);
        var entered = new StoredSwitch { Id = switchId, Mapping = mapping, State = SwitchState.Prepared, PreparedOn = now, ExpiresOn = now + expiry };
        if (document.FindSwitch(switchId) is { } known)
        {
            if (known.State == SwitchState.Committed && known.Mapping!.SameAs(mapping)) return document;
            if (!known.IsOpen()) throw SwitchFaults.Ended(known);
            if (!known.Mapping!.SameAs(mapping)) throw SwitchFaults.OtherMapping(switchId);
            entered = entered with { PreparedOn = known.PreparedOn };
        }
        else if (document.Switches.Count(stored => stored.IsOpen()) >= options.Value.MostOpen)
        {
            throw SwitchFaults.TooMany(document.ServiceId, options.Value.MostOpen);
        }

        return document.WithSwitch(entered, options.Value.KeptEnded);
    }

    private TimeSpan ExpiryOf(PrepareSwitch request)
    {
        if (request.ExpiresInSeconds is not { } seconds) return options.Value.Expiry;
        return seconds > 0 && seconds <= options.Value.LongestExpiry.TotalSeconds ? TimeSpan.FromSeconds(seconds) : throw SwitchFaults.BadExpiry(options.Value.LongestExpiry);
    }

    private NodeSwitch Told(string id, string switchId)
    {
        var told = Find(id, switchId);
        ServingLog.SwitchIs(log, switchId, id, told.State);
        return told;
    }

    private static NodeSwitch Describe(ServiceSnapshot service, StoredSwitch stored)
    {
        var missing = stored.IsOpen()
            ? stored.Mapping!.Generations.Select(generation => service.Generations.GetValueOrDefault(generation)).FirstOrDefault(entry => entry?.Loaded is null)
            : null;
        var ready = stored.IsOpen() && stored.Mapping!.Generations.All(generation => service.Generations.GetValueOrDefault(generation)?.Loaded is not null);
        return new NodeSwitch
        {
            Id = stored.Id,
            ServiceId = service.Id,
            State = stored.State,
            Ready = ready,
            Mapping = stored.Mapping,
            PreparedOn = stored.PreparedOn.ToUnixTimeMilliseconds(),
            ExpiresOn = stored.ExpiresOn.ToUnixTimeMilliseconds(),
            EndedOn = stored.EndedOn?.ToUnixTimeMilliseconds(),
            Message = missing?.Failure,
        };
    }
}
