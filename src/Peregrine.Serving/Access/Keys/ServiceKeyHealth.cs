using Peregrine.Hosting.Health;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Access.Keys;

/// <summary>Tells of key files that cannot be read; they leave the node ready, since its other services answer.</summary>
internal sealed class ServiceKeyHealth(ServiceKeyStore keys, ServiceStore services) : IReadinessCondition
{
    private int _read;

    public string Name => "service-keys";

    public Readiness Check()
    {
        // Once: what nobody has asked for yet is read too.
        if (Interlocked.Exchange(ref _read, 1) == 0)
            foreach (var service in services.ServiceIds()) keys.SlotOf(service);
        var damaged = keys.Damaged.Select(one => $"keys of service {one.Service} not taken up: {one.Reason}").Order(StringComparer.Ordinal).ToList();
        return damaged.Count == 0 ? Readiness.Ready : Readiness.ReadyWith(string.Join("; ", damaged));
    }
}
