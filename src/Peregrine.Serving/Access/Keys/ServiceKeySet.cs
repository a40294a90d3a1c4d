using System.Collections.Frozen;
using Peregrine.Hosting.Authentication;
using Peregrine.Packages.Manifests;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Access.Keys;

/// <summary>What the node's own file says about the keys of a service at one moment. Immutable; its reference tells whether a remembered header still counts.</summary>
/// <param name="Uses">The same object as long as the node runs and the service is there.</param>
/// <param name="Damage">Why the file cannot be read; then no key of the service is taken, since a revoked one may be among them.</param>
internal sealed record ServiceKeySet(ServiceKeyFile File, ServiceKeyUses Uses, string? Damage = null)
{
    /// <summary>The keys of a package and of the node together, each with what it opens.</summary>
    public FrozenDictionary<ApiKeyHash, Grant> GrantsWith(IReadOnlyList<ServiceApiKey> packaged, string service, CallerKeys callers)
    {
        if (Damage is not null) return FrozenDictionary<ApiKeyHash, Grant>.Empty;
        var grants = new Dictionary<ApiKeyHash, Grant>();
        foreach (var key in packaged)
            Add(grants, key.Hash, callers.Of(service, key.Id), EndOf(key), key.Endpoints);
        foreach (var key in File.Keys)
            Add(grants, key.Hash, callers.Of(service, key.Id), key.Expiry, key.Endpoints);
        return grants.ToFrozenDictionary();
    }

    /// <summary>The earlier of what the package says and what was decided here.</summary>
    public DateTimeOffset? EndOf(ServiceApiKey key) =>
        File.ClosedPackageKeys.FirstOrDefault(closed => closed.Hash == key.Hash) is { } closed && !(key.Expiry < closed.On) ? closed.On : key.Expiry;

    private void Add(Dictionary<ApiKeyHash, Grant> grants, string stored, CallerKey caller, DateTimeOffset? end, IReadOnlyList<string>? endpoints)
    {
        if (ApiKeyHash.TryParse(stored, out var hash)) grants.TryAdd(hash, new Grant(caller, end, endpoints, Uses.Of(hash)));
    }
}
