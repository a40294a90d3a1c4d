namespace Peregrine.Deploying.Nodes;

/// <summary>Asks several nodes the same thing, some at a time; a node's fault is an answer too.</summary>
internal static class NodePoll
{
    /// <returns>In the order of <paramref name="nodes"/>; exactly one of answer and fault is set, unless the node's answer is null.</returns>
    public static async Task<IReadOnlyList<(NodeTarget Node, T? Answer, NodeException? Fault)>> AskAsync<T>(
        IReadOnlyList<NodeTarget> nodes, int atATime, Func<NodeTarget, CancellationToken, Task<T?>> ask, CancellationToken cancellationToken)
        where T : class
    {
        var results = new (NodeTarget, T?, NodeException?)[nodes.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = atATime, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, nodes.Count, parallel, async (i, stop) =>
        {
            try
            {
                results[i] = (nodes[i], await ask(nodes[i], stop), null);
            }
            catch (NodeException fault)
            {
                results[i] = (nodes[i], null, fault);
            }
        });
        return results;
    }
}
