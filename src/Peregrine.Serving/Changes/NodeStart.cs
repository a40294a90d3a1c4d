using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Changes;

/// <summary>Takes up what the disk holds: the last good state. A service or generation that cannot be loaded is told, not fatal.</summary>
internal sealed class NodeStart(ChangeGate gate, SnapshotBuilder snapshots, ServiceStore store, ServingMetrics metrics, TimeProvider clock, ILogger<NodeStart> log)
{
    public Task RunAsync(CancellationToken cancellationToken) => gate.ChangeAsync("start", _ =>
    {
        store.CleanUp();
        var services = new List<ServiceSnapshot>();
        var unreadable = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var id in store.ServiceIds()) TakeUp(id, services, unreadable, cancellationToken);
        return Task.FromResult(new NodeSnapshot(services, unreadable.ToFrozenDictionary(StringComparer.Ordinal), metrics));
    }, cancellationToken);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Boundary of one service: whatever its files do, the others serve.")]
    private void TakeUp(string id, List<ServiceSnapshot> services, Dictionary<string, string> unreadable, CancellationToken cancellationToken)
    {
        try
        {
            var document = store.Read(id).ExpireSwitches(clock.GetUtcNow());
            services.Add(snapshots.Build(document, before: null, LoadRules.TryAll, cancellationToken));
        }
        catch (Exception damaged) when (damaged is not OperationCanceledException)
        {
            unreadable[id] = damaged.Message;
            ServingLog.ServiceUnreadable(log, id, damaged.Message);
        }
    }
}
