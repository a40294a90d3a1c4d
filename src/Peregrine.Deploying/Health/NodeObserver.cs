using Microsoft.Extensions.Options;
using Peregrine.Deploying.Nodes;

namespace Peregrine.Deploying.Health;

/// <summary>Asks the nodes of a deployment what they serve.</summary>
internal sealed class NodeObserver(ApiNodeClient client, IOptions<DeployingOptions> options)
{
    /// <returns>In the order of <paramref name="nodes"/>.</returns>
    public async Task<IReadOnlyList<NodeObservation>> ObserveAsync(IReadOnlyList<NodeTarget> nodes, string serviceId, CancellationToken cancellationToken)
    {
        var observations = new NodeObservation[nodes.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.ParallelNodes, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, nodes.Count, parallel, async (i, stop) => observations[i] = await ObserveAsync(nodes[i], serviceId, stop));
        return observations;
    }

    public async Task<NodeObservation> ObserveAsync(NodeTarget node, string serviceId, CancellationToken cancellationToken)
    {
        try
        {
            return new NodeObservation(node, await client.FindServiceAsync(node, serviceId, cancellationToken), null);
        }
        catch (NodeException fault)
        {
            return new NodeObservation(node, null, fault);
        }
    }
}
