using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Authentication;

namespace Peregrine.Serving.Snapshots;

/// <summary>A key of the admin API opens every service, so that the Deployer can run test queries without knowing a service's keys.</summary>
/// <remarks>Asked only after the service's own keys, and never remembered, so a revoked admin key stops at once.</remarks>
internal sealed class AdminCallers(IApiKeyDirectory keys)
{
    /// <summary>Null when the request presents no valid admin key.</summary>
    public CallerKey? Find(HttpRequest request) =>
        PresentedApiKey.TryHash(request, out var hash) && keys.Find(hash) is { } key ? new CallerKey(key.Id) : null;
}
