using System.Globalization;
using Peregrine.Hosting.Health;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Snapshots;

/// <summary>Readiness of the API node: it has taken up its disk. What it could not load is told and does not make it unready.</summary>
internal sealed class NodeHealth(NodeState state) : IReadinessCondition
{
    private int _started;
    private string? _remark;

    public string Name => "api-services";

    /// <summary>Something about the start that an operator should know.</summary>
    public void Remark(string remark) => Volatile.Write(ref _remark, remark);

    public void Started() => Volatile.Write(ref _started, 1);

    public Readiness Check()
    {
        if (Volatile.Read(ref _started) == 0) return Readiness.NotReady("loading the services from disk");
        var troubles = Troubles(state.Current);
        if (Volatile.Read(ref _remark) is { } remark) troubles.Insert(0, remark);
        return troubles.Count == 0 ? Readiness.Ready : Readiness.ReadyWith(string.Join("; ", troubles));
    }

    public IEnumerable<string> Details()
    {
        foreach (var service in state.Current.Services.Values.OrderBy(service => service.Id, StringComparer.Ordinal))
        {
            yield return service.IsServing ? $"{service.Id} serving" : $"{service.Id} not serving: {service.WhyNotServing()}";
            foreach (var entry in service.Generations.Values.OrderBy(entry => entry.Stored.Id, StringComparer.Ordinal))
                yield return $"{service.Id}/{entry.Stored.Id} {Describe(service, entry)}";
        }
    }

    private static string Describe(ServiceSnapshot service, GenerationEntry entry)
    {
        var share = service.Document.Mapping?.Entries.FirstOrDefault(mapped => mapped.Generation == entry.Stored.Id)?.Proba;
        var state = entry.Loaded is not null ? "ready" : entry.Failure is not null ? $"failed: {entry.Failure}" : "available";
        return share is null ? state : string.Create(CultureInfo.InvariantCulture, $"{state}, share {share}");
    }

    private static List<string> Troubles(NodeSnapshot node)
    {
        var troubles = node.Unreadable.Select(service => $"service {service.Key} not taken up: {service.Value}").ToList();
        foreach (var service in node.Services.Values)
            troubles.AddRange(service.Failures.Select(entry => $"{service.Id}/{entry.Stored.Id} failed: {entry.Failure}"));
        troubles.Sort(StringComparer.Ordinal);
        return troubles;
    }
}
