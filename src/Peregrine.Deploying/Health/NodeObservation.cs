using Peregrine.Contracts.ApiNode;
using Peregrine.Deploying.Nodes;

namespace Peregrine.Deploying.Health;

/// <summary>What one node said of a service, or why it said nothing.</summary>
/// <param name="Service">Null when the node does not know the service, and when it did not answer.</param>
public sealed record NodeObservation(NodeTarget Node, NodeService? Service, NodeException? Fault);
