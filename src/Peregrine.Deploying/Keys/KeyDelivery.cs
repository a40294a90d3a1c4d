using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Peregrine.Contracts.ApiNode;
using Peregrine.Deploying.Nodes;
using Peregrine.Deploying.Store;

namespace Peregrine.Deploying.Keys;

/// <summary>
/// Brings the keys of a deployment to a node: always those that are stored at that moment, and one delivery at a time, so that a slow repair which began
/// before a key was revoked cannot bring it back after.
/// </summary>
internal sealed class KeyDelivery(IDbContextFactory<DeployerDbContext> contexts, ApiNodeClient client) : IDisposable
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    /// <exception cref="NodeException">The node did not take them.</exception>
    public async Task DeliverAsync(NodeTarget node, string deploymentId, string serviceId, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd($"{deploymentId} {node.Url}", static _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            await client.SetKeysAsync(node, serviceId, await ListAsync(deploymentId, cancellationToken), cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        foreach (var turn in _turns.Values) turn.Dispose();
    }

    private async Task<IReadOnlyList<DeployedKey>> ListAsync(string deploymentId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.DeploymentKeys.AsNoTracking().Where(row => row.DeploymentId == deploymentId).Select(row => row.Key).ToListAsync(cancellationToken);
    }
}
