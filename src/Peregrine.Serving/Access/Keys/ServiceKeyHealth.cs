using Peregrine.Hosting.Health;

namespace Peregrine.Serving.Access.Keys;

/// <summary>Tells of key files that cannot be read.</summary>
internal sealed class ServiceKeyHealth(ServiceKeyStore keys) : IReadinessCondition
{
    public string Name => "service-keys";

    public Readiness Check() => keys.Health("keys");
}
