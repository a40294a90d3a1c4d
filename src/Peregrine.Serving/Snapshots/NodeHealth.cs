using Peregrine.Hosting.Health;

namespace Peregrine.Serving.Snapshots;

/// <summary>Readiness of the API node: it has taken up its disk. What it could not load is told and does not make it unready.</summary>
internal sealed class NodeHealth(NodeState state) : IReadinessCondition
{
    private int _started;

    public string Name => "api-services";

    public void Started() => Volatile.Write(ref _started, 1);

    public Readiness Check()
    {
        if (Volatile.Read(ref _started) == 0) return Readiness.NotReady("loading the services from disk");
        var troubles = Troubles(state.Current);
        return troubles.Count == 0 ? Readiness.Ready : Readiness.ReadyWith(string.Join("; ", troubles));
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
