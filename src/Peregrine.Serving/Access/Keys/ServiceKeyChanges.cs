using Microsoft.Extensions.Options;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Packages.Manifests;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Access.Keys;

/// <summary>Adds, rotates and revokes keys of a service on this node, without a new package.</summary>
internal sealed class ServiceKeyChanges(NodeState state, ServiceKeyStore store, IOptions<AccessOptions> options, TimeProvider clock)
{
    /// <summary>The service's own set and the keys of the package that answers now.</summary>
    /// <exception cref="ApiErrorException">404: there is no such service.</exception>
    public (ServiceKeySet Set, IReadOnlyList<ServiceApiKey> Packaged) KeysOf(string service) =>
        (store.SlotOf(Service(service).Id).Current, Service(service).Authorizer.Authorization.Keys);

    /// <param name="expiry">In the future; null: never.</param>
    /// <param name="endpoints">At least one; null: all.</param>
    public async Task<NewServiceKey> AddAsync(
        string service, string label, DateTimeOffset? expiry, IReadOnlyList<string>? endpoints, string? by, CancellationToken cancellationToken)
    {
        CheckExpiry(expiry);
        CheckEndpoints(Service(service), endpoints);
        var made = Make(label, expiry, endpoints, by, replaces: null);
        await ChangeAsync(service, file => file with { Keys = [.. Room(service, file.Keys), made.Key] }, cancellationToken);
        return made;
    }

    /// <summary>Makes a key with the label and endpoints of another; the old one ends after the overlap, or earlier when it was to.</summary>
    /// <param name="overlap">0 or more; null: as the options say.</param>
    public async Task<NewServiceKey> RotateAsync(
        string service, string id, TimeSpan? overlap, DateTimeOffset? expiry, string? by, CancellationToken cancellationToken)
    {
        CheckExpiry(expiry);
        var end = clock.GetUtcNow() + (overlap ?? options.Value.RotationOverlap);
        NewServiceKey? made = null;
        await ChangeAsync(service, file =>
        {
            if (file.Keys.FirstOrDefault(key => key.Id == id) is { } own)
            {
                made = Make(own.Label, expiry, own.Endpoints, by, id);
                return file with { Keys = [.. Room(service, file.Keys).Select(key => key.Id == id ? key with { Expiry = Earlier(key.Expiry, end) } : key), made.Key] };
            }

            var packaged = Packaged(service, id);
            made = Make(packaged.Label ?? id, expiry, packaged.Endpoints, by, id);
            return Closed(file, packaged, end) with { Keys = [.. Room(service, file.Keys), made.Key] };
        }, cancellationToken);
        return made!;
    }

    /// <summary>Ends a key now: one of this node is forgotten, one of a package is refused from now on.</summary>
    public Task RevokeAsync(string service, string id, CancellationToken cancellationToken) => ChangeAsync(service, file =>
        file.Keys.Any(key => key.Id == id)
            ? file with { Keys = [.. file.Keys.Where(key => key.Id != id)] }
            : Closed(file, Packaged(service, id), clock.GetUtcNow()), cancellationToken);

    /// <summary>Puts these in the place of all keys that a Deployer set before; the same ones change nothing.</summary>
    public Task SetDeployedAsync(string service, IReadOnlyList<StoredServiceKey> deployed, CancellationToken cancellationToken) => ChangeAsync(service, file =>
    {
        var own = file.Keys.Where(key => key.Source is null).ToList();
        if (deployed.FirstOrDefault(key => own.Any(other => other.Id == key.Id)) is { } taken)
            throw ApiError.Conflict($"Service '{service}' has a key '{taken.Id}' of this node already.", errorType: "KeyExists").AsException();
        if (deployed.Count > file.Keys.Count - own.Count) Room(service, own, deployed.Count);
        return file with { Keys = [.. own, .. deployed] };
    }, cancellationToken);

    private async Task ChangeAsync(string service, Func<ServiceKeyFile, ServiceKeyFile> change, CancellationToken cancellationToken)
    {
        _ = Service(service);
        try
        {
            await store.ChangeAsync(service, change, cancellationToken);
        }
        catch (InvalidDataException damaged)
        {
            throw ApiError.Conflict($"The keys of service '{service}' cannot be changed.", $"The keys of service '{service}' cannot be changed: {damaged.Message}", "KeysUnreadable").AsException(damaged);
        }
        catch (DirectoryNotFoundException)
        {
            throw DispatchFaults.UnknownService(state.Current, service).AsException();
        }
    }

    private NewServiceKey Make(string label, DateTimeOffset? expiry, IReadOnlyList<string>? endpoints, string? by, string? replaces)
    {
        var secret = ApiKeySecret.Create();
        var key = new StoredServiceKey
        {
            Id = Guid.NewGuid().ToString("N")[..16],
            Hash = ApiKeyHash.Of(secret).ToString(),
            Label = label,
            CreatedOn = clock.GetUtcNow(),
            CreatedBy = by,
            Expiry = expiry,
            Endpoints = endpoints,
            Replaces = replaces,
        };
        return new NewServiceKey(key, secret);
    }

    private IReadOnlyList<StoredServiceKey> Room(string service, IReadOnlyList<StoredServiceKey> keys, int more = 1) =>
        keys.Count + more <= options.Value.MaxKeysPerService
            ? keys
            : throw ApiError.Conflict(
                $"Service '{service}' has {keys.Count} keys on this node already.",
                $"Service '{service}' has {keys.Count} keys on this node already; {more} more are beyond the {options.Value.MaxKeysPerService} that option {AccessOptions.Section}:{nameof(AccessOptions.MaxKeysPerService)} allows. Revoke some.",
                "TooManyKeys").AsException();

    private static ServiceKeyFile Closed(ServiceKeyFile file, ServiceApiKey packaged, DateTimeOffset on)
    {
        var before = file.ClosedPackageKeys.FirstOrDefault(closed => closed.Hash == packaged.Hash);
        var end = Earlier(before?.On, on);
        return file with { ClosedPackageKeys = [.. file.ClosedPackageKeys.Where(closed => closed != before), new ClosedPackageKey(packaged.Hash, end)] };
    }

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;

    private ServiceApiKey Packaged(string service, string id) =>
        Service(service).Authorizer.Authorization.Keys.FirstOrDefault(key => key.Id == id)
        ?? throw ApiError.NotFound($"Service '{service}' has no key '{id}' on this node.", $"Service '{service}' has no key '{id}' on this node. List its keys to see their ids.", "KeyNotFound").AsException();

    private ServiceSnapshot Service(string id) =>
        state.Current.Services.GetValueOrDefault(id) ?? throw DispatchFaults.UnknownService(state.Current, id).AsException();

    private void CheckExpiry(DateTimeOffset? expiry)
    {
        if (expiry <= clock.GetUtcNow()) throw Bad("expiry", "PastExpiry", "'expiry' lies in the past: a new key would never work.");
    }

    /// <summary>A service of which nothing is loaded cannot tell its endpoints: then any id will do.</summary>
    private static void CheckEndpoints(ServiceSnapshot service, IReadOnlyList<string>? endpoints)
    {
        if (endpoints is null) return;
        if (endpoints.Count == 0) throw Bad("endpoints", "NoEndpoint", "'endpoints' is empty: such a key would open nothing. Leave it out to open all.");
        var known = service.Forceable.SelectMany(generation => generation.EndpointIds).ToHashSet(StringComparer.Ordinal);
        foreach (var endpoint in endpoints)
        {
            if (!PackageIds.IsValid(endpoint)) throw Bad("endpoints", "InvalidId", $"'{endpoint}' cannot be the id of an endpoint: an id is {PackageIds.Rule}.");
            if (known.Count > 0 && !known.Contains(endpoint))
                throw Bad("endpoints", "EndpointNotFound", $"Service '{service.Id}' has no endpoint '{endpoint}'; it has: {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
        }
    }

    private static ApiErrorException Bad(string member, string code, string message) =>
        (ApiError.BadRequest(message, errorType: code) with { Errors = [new ApiErrorItem($"/{member}", code, message)] }).AsException();
}
