using Peregrine.Hosting.Authentication;
using Peregrine.Serving.Access;

namespace Peregrine.Serving.Snapshots;

/// <summary>A key of the admin API whose role may test opens every service, so that the Deployer can run test queries without knowing a service's keys.</summary>
/// <remarks>Asked only after the service's own keys, and never remembered, so a revoked admin key stops at once.</remarks>
internal sealed class AdminCallers(IApiKeyDirectory keys, CallerKeys callers)
{
    /// <summary>Null when that is no valid admin key.</summary>
    public CallerKey? Find(ApiKeyHash hash) => keys.Find(hash) is { } key && key.Role.Covers(AdminRole.Operator) ? callers.OfAdmin(key.Id) : null;
}
