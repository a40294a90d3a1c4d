using Peregrine.Deploying.Deployments;

namespace Peregrine.Deploying.Nodes;

/// <summary>Asks a node for all that is compared with what is wanted of it.</summary>
internal sealed class NodeReader(ApiNodeClient client)
{
    public async Task<NodeContents> ReadAsync(NodeTarget node, WantedService wanted, CancellationToken cancellationToken)
    {
        var service = await client.FindServiceAsync(node, wanted.ServiceId, cancellationToken);
        if (service is null || !wanted.Enabled) return new NodeContents { Service = service };
        return new NodeContents
        {
            Service = service,
            Limits = wanted.RateLimits is null ? null : await client.FindLimitsAsync(node, wanted.ServiceId, cancellationToken),
            Keys = await client.FindKeysAsync(node, wanted.ServiceId, cancellationToken),
        };
    }
}
