using Microsoft.Extensions.Options;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Nodes;

namespace Peregrine.Deploying.Health;

/// <summary>Asks the nodes of a deployment what they serve.</summary>
internal sealed class NodeObserver(NodeReader reader, IOptions<DeployingOptions> options)
{
    /// <returns>In the order of <paramref name="nodes"/>.</returns>
    public async Task<IReadOnlyList<NodeObservation>> ObserveAsync(IReadOnlyList<NodeTarget> nodes, WantedService wanted, CancellationToken cancellationToken)
    {
        var observations = new NodeObservation[nodes.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.ParallelNodes, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, nodes.Count, parallel, async (i, stop) => observations[i] = await ObserveAsync(nodes[i], wanted, stop));
        return observations;
    }

    public async Task<NodeObservation> ObserveAsync(NodeTarget node, WantedService wanted, CancellationToken cancellationToken)
    {
        try
        {
            return new NodeObservation(node, await reader.ReadAsync(node, wanted, cancellationToken), null);
        }
        catch (NodeException fault)
        {
            return new NodeObservation(node, NodeContents.None, fault);
        }
    }
}
