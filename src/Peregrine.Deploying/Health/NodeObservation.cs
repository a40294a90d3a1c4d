using Peregrine.Contracts.ApiNode;
using Peregrine.Deploying.Nodes;

namespace Peregrine.Deploying.Health;

/// <summary>What one node said of a service, or why it said nothing.</summary>
/// <param name="Contents">Nothing when the node did not answer.</param>
public sealed record NodeObservation(NodeTarget Node, NodeContents Contents, NodeException? Fault)
{
    /// <summary>Null when the node does not know the service, and when it did not answer.</summary>
    public NodeService? Service => Contents.Service;
}
