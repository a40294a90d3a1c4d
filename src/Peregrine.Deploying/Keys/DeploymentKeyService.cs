using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer.Keys;
using Peregrine.Deploying.Changes;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Nodes;
using Peregrine.Deploying.Reconcile;
using Peregrine.Deploying.Store;
using Peregrine.Deploying.Store.Entities;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying.Keys;

/// <summary>
/// Keys of a deployment's service: made, rotated and revoked here, in force on every node at once and without an update. They are part of what nodes are held
/// to, so a node that was out of reach, or came back empty, gets them with the next repair. Only hashes are stored.
/// </summary>
public sealed class DeploymentKeyService : IDisposable
{
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly IDbContextFactory<DeployerDbContext> _contexts;
    private readonly DeploymentPlans _plans;
    private readonly KeyDelivery _delivery;
    private readonly ApiNodeClient _client;
    private readonly DeployerEvents _events;
    private readonly TimeProvider _time;
    private readonly DeployingOptions _options;

    internal DeploymentKeyService(
        IDbContextFactory<DeployerDbContext> contexts, DeploymentPlans plans, KeyDelivery delivery, ApiNodeClient client, DeployerEvents events,
        TimeProvider time, IOptions<DeployingOptions> options)
    {
        _contexts = contexts;
        _plans = plans;
        _delivery = delivery;
        _client = client;
        _events = events;
        _time = time;
        _options = options.Value;
    }

    public void Dispose() => _changing.Dispose();

    /// <summary>Asks every node now. The Deployer's keys, newest first, then those that only nodes have.</summary>
    public async Task<DeploymentKeys> ListAsync(string deploymentId, CancellationToken cancellationToken)
    {
        var plan = await _plans.GetAsync(deploymentId, cancellationToken);
        var told = plan.Target is null ? [] : await NodePoll.AskAsync(
            plan.Nodes, _options.ParallelNodes, (node, stop) => _client.FindKeysAsync(node, plan.Target.ServiceIdOnNodes, stop), cancellationToken);
        return new DeploymentKeys(deploymentId, DeploymentKeyList.Of(plan, told, _time.GetUtcNow()));
    }

    /// <summary>The answer holds the key itself, told this once.</summary>
    /// <param name="requester">Name of the key or user who asks.</param>
    public async Task<KeyChange> AddAsync(string deploymentId, NewKeyRequest request, string? requester, CancellationToken cancellationToken)
    {
        var plan = await _plans.GetAsync(deploymentId, cancellationToken);
        KeyRequestRules.Check(request, await EndpointsAsync(plan.Settings.PublishedServiceId, cancellationToken), _time.GetUtcNow());
        var (made, secret) = Make(request.Label!.Trim(), request.Expiry, request.Endpoints, requester, replaces: null);
        await ChangeAsync(deploymentId, keys =>
        {
            CheckRoom(deploymentId, keys.Count);
            return [.. keys, made];
        }, cancellationToken);
        return await BringAsync(deploymentId, made, secret, cancellationToken);
    }

    /// <summary>Makes a key with the label and endpoints of another; the old one ends after the overlap, or earlier when it was to.</summary>
    /// <inheritdoc cref="AddAsync"/>
    public async Task<KeyChange> RotateAsync(string deploymentId, string keyId, RotateKeyRequest request, string? requester, CancellationToken cancellationToken)
    {
        KeyRequestRules.Check(request, _time.GetUtcNow());
        await _plans.GetAsync(deploymentId, cancellationToken);
        var end = (_time.GetUtcNow() + (request.OverlapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : _options.KeyRotationOverlap)).ToUnixTimeMilliseconds();
        (DeployedKey Key, string Secret)? made = null;
        await ChangeAsync(deploymentId, keys =>
        {
            var old = Find(keys, deploymentId, keyId);
            CheckRoom(deploymentId, keys.Count);
            made = Make(old.Label, request.Expiry, old.Endpoints, requester, old.Id);
            return [.. keys.Select(key => key.Id == keyId ? key with { Expiry = Math.Min(key.Expiry ?? long.MaxValue, end) } : key), made.Value.Key];
        }, cancellationToken);
        return await BringAsync(deploymentId, made!.Value.Key, made.Value.Secret, cancellationToken);
    }

    /// <summary>Ends a key now, on every node that is in reach; on the others as soon as they are.</summary>
    public async Task<KeyChange> RevokeAsync(string deploymentId, string keyId, CancellationToken cancellationToken)
    {
        await _plans.GetAsync(deploymentId, cancellationToken);
        await ChangeAsync(deploymentId, keys =>
        {
            var old = Find(keys, deploymentId, keyId);
            return [.. keys.Where(key => key != old)];
        }, cancellationToken);
        return await BringAsync(deploymentId, made: null, secret: null, cancellationToken);
    }

    /// <summary>Stores the change; from then on it holds, whatever becomes of the nodes.</summary>
    private async Task ChangeAsync(string deploymentId, Func<IReadOnlyList<DeployedKey>, IReadOnlyList<DeployedKey>> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
            var rows = await db.DeploymentKeys.Where(row => row.DeploymentId == deploymentId).ToListAsync(cancellationToken);
            var after = change([.. rows.Select(row => row.Key)]).ToDictionary(key => key.Id, StringComparer.Ordinal);
            foreach (var row in rows)
            {
                if (after.Remove(row.Id, out var kept)) row.Key = kept;
                else db.DeploymentKeys.Remove(row);
            }

            db.DeploymentKeys.AddRange(after.Values.Select(key => new DeploymentKeyEntity { DeploymentId = deploymentId, Id = key.Id, Key = key }));
            await db.SaveOrRefuseAsync($"The keys of deployment '{deploymentId}'", () => Gone(deploymentId), cancellationToken);
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task<KeyChange> BringAsync(string deploymentId, DeployedKey? made, string? secret, CancellationToken cancellationToken)
    {
        // Stored by now: a caller that goes away does not keep nodes from it.
        var plan = await _plans.GetAsync(deploymentId, CancellationToken.None);
        var nodes = new NodeKeyState[plan.Nodes.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.ParallelNodes, CancellationToken = CancellationToken.None };
        await Parallel.ForAsync(0, plan.Nodes.Count, parallel, async (i, stop) => nodes[i] = await BringAsync(plan, plan.Nodes[i], stop));
        _events.Raise(DeployerChangeKind.Deployment, deploymentId);
        return new KeyChange
        {
            Details = made is null ? null : DeploymentKeyList.Describe(made, _time.GetUtcNow()) with { Nodes = nodes }, Key = secret, Nodes = nodes,
        };
    }

    private async Task<NodeKeyState> BringAsync(DeploymentPlan plan, NodeTarget node, CancellationToken cancellationToken)
    {
        if (plan.Target is not { } target) return new NodeKeyState { Url = node.Url, Message = DeploymentKeyList.NotDeployed };
        try
        {
            await _delivery.DeliverAsync(node, plan.DeploymentId, target.ServiceIdOnNodes, cancellationToken);
            return new NodeKeyState { Url = node.Url, Present = true };
        }
        catch (NodeException fault)
        {
            return new NodeKeyState { Url = node.Url, Present = fault.IsUnreachable ? null : false, Message = $"{fault.Message} The Deployer brings the change when it can." };
        }
    }

    private (DeployedKey Key, string Secret) Make(string label, long? expiry, IReadOnlyList<string>? endpoints, string? by, string? replaces)
    {
        var secret = ApiKeySecret.Create();
        var key = new DeployedKey
        {
            Id = Guid.NewGuid().ToString("N")[..16],
            Hash = ApiKeyHash.Of(secret).ToString(),
            Label = label,
            CreatedOn = _time.GetUtcNow().ToUnixTimeMilliseconds(),
            CreatedBy = by,
            Expiry = expiry,
            Endpoints = endpoints is null ? null : [.. endpoints.Distinct(StringComparer.Ordinal)],
            Replaces = replaces,
        };
        return (key, secret);
    }

    private async Task<HashSet<string>> EndpointsAsync(string serviceId, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var versions = await db.Versions.AsNoTracking().Where(row => row.ServiceId == serviceId).Select(row => row.Version).ToListAsync(cancellationToken);
        return versions.SelectMany(version => version.Endpoints).Select(endpoint => endpoint.Id).ToHashSet(StringComparer.Ordinal);
    }

    private void CheckRoom(string deploymentId, int count)
    {
        if (count >= _options.MaxKeysPerDeployment)
            throw ApiError.Conflict(
                $"Deployment '{deploymentId}' has {count} keys already.",
                $"Deployment '{deploymentId}' has {count} keys already, as many as option {DeployingOptions.Section}:{nameof(DeployingOptions.MaxKeysPerDeployment)} allows. Revoke some.",
                "TooManyKeys").AsException();
    }

    private static DeployedKey Find(IReadOnlyList<DeployedKey> keys, string deploymentId, string keyId) =>
        keys.FirstOrDefault(key => key.Id == keyId) ?? throw ApiError.NotFound(
            $"Deployment '{deploymentId}' has no key '{keyId}'.",
            $"Deployment '{deploymentId}' has no key '{keyId}' that was made through this Deployer. Keys of a package or of one node are changed there.", "KeyNotFound").AsException();

    private static ApiError Gone(string deploymentId) => ApiError.NotFound($"There is no deployment '{deploymentId}' on this Deployer.", errorType: "DeploymentNotFound");
}
