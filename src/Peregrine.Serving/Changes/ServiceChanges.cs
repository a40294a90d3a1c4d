using Peregrine.Contracts.ApiNode;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Mapping;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Changes;

/// <summary>Services: create, delete, enable, map.</summary>
internal sealed class ServiceChanges(ChangeGate gate, SnapshotBuilder snapshots, ServiceStore store)
{
    public Task CreateAsync(string id, CancellationToken cancellationToken) => gate.ChangeAsync("create_service", async current =>
    {
        if (!PackageIds.IsValid(id))
            throw ApiError.BadRequest($"'{id}' cannot be the id of a service.", $"'{id}' cannot be the id of a service: an id is {PackageIds.Rule}.", "InvalidId").AsException();
        if (current.Services.ContainsKey(id) || current.Unreadable.ContainsKey(id))
            throw ApiError.Conflict($"There is already a service '{id}' on this node.", errorType: "ServiceExists").AsException();
        var document = new ServiceDocument { ServiceId = id };
        await store.WriteAsync(document, cancellationToken);
        return snapshots.With(current, new ServiceSnapshot(document, []));
    }, cancellationToken);

    public Task DeleteAsync(string id, CancellationToken cancellationToken) => gate.ChangeAsync("delete_service", current =>
    {
        _ = Known.Service(current, id);
        store.DeleteService(id);
        return Task.FromResult(snapshots.Without(current, id));
    }, cancellationToken);

    public Task SetEnabledAsync(string id, bool enabled, CancellationToken cancellationToken) => ChangeAsync(
        enabled ? "enable" : "disable", id, service => service.Document with { Enabled = enabled },
        document => enabled ? new LoadRules(document.Maps, RetryFailed: true) : LoadRules.Lenient, cancellationToken);

    public Task SetMappingAsync(string id, NodeMapping mapping, CancellationToken cancellationToken)
    {
        MappingRules.EnsureSound(mapping);
        return ChangeAsync("set_mapping", id, service =>
        {
            foreach (var generation in mapping.Generations) _ = Known.Generation(service, generation);
            return service.Document with { Enabled = true, Mapping = mapping };
        }, _ => MustLoad(mapping), cancellationToken);
    }

    /// <summary>Gives all requests to the generation that was packaged last.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> SwitchToNewestAsync(string id, CancellationToken cancellationToken)
    {
        var newest = "";
        await ChangeAsync("switch_to_newest", id, service =>
        {
            newest = service.Document.Generations.OrderBy(stored => stored.CreatedOn).ThenBy(stored => stored.ImportedOn).LastOrDefault()?.Id
                     ?? throw ApiError.Conflict($"Service '{id}' has no generation to switch to.", $"Service '{id}' has no generation to switch to. Import one first.", "NoGeneration").AsException();
            return service.Document with { Enabled = true, Mapping = NodeMapping.Single(newest) };
        }, document => new LoadRules(document.Maps, RetryFailed: false), cancellationToken);
        return newest;
    }

    private static LoadRules MustLoad(NodeMapping mapping) => new(mapping.Names, RetryFailed: false);

    private Task ChangeAsync(
        string kind, string id, Func<ServiceSnapshot, ServiceDocument> change, Func<ServiceDocument, LoadRules> rules, CancellationToken cancellationToken) =>
        gate.ChangeAsync(kind, current =>
        {
            var service = Known.Service(current, id);
            var document = change(service);
            return snapshots.AdvanceAsync(current, service, document, rules(document), cancellationToken);
        }, cancellationToken);
}
