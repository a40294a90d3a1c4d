using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Access.Keys;

/// <summary>The keys of services that were made, rotated or revoked on this node.</summary>
internal sealed class ServiceKeyStore(ServiceStore services, KeyUseFiles uses)
    : ServiceFileStore<ServiceKeyFile, ServiceKeySet>(services, "keys.json", static () => ServiceKeyJson.Default.ServiceKeyFile, ServiceKeyFile.CurrentFormat)
{
    protected override ServiceKeyFile Empty => ServiceKeyFile.Empty;

    protected override ServiceKeySet Make(string service, ServiceKeyFile file, string? damage, ServiceKeySet? before) => new(file, before?.Uses ?? uses.Read(service), damage);
}
