using Peregrine.Contracts.ApiNode;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Nodes;
using Peregrine.Deploying.Services;

namespace Peregrine.Deploying.Reconcile;

/// <summary>Gets a package onto a node with as few bytes as possible: none that it has, and after a broken connection only those that are missing.</summary>
internal sealed class PackageDelivery(ApiNodeClient client, PackageArchives archives)
{
    private const int Attempts = 3;
    private const int ContestedAttempts = 20;

    private static readonly TimeSpan s_contestedPause = TimeSpan.FromMilliseconds(250);

    /// <exception cref="NodeException">The node refused the package or could not be reached, several times over.</exception>
    public async Task DeliverAsync(NodeTarget node, string serviceId, WantedPackage package, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var taken = await SendAsync(node, serviceId, package, cancellationToken);
                if (taken.Generation == package.Generation && taken.Digest == package.Digest) return;
                throw new NodeException(node.Url, NodeFault.NotANode,
                    $"Node {node.Url} took generation '{taken.Generation}' with digest {taken.Digest}, but '{package.Generation}' with {package.Digest} was sent.");
            }
            catch (NodeException broken) when (broken.Fault == NodeFault.Unreachable && attempt < Attempts)
            {
                // The node keeps what has arrived: the next attempt asks how much that is.
            }
            catch (NodeException contested) when (contested.ErrorType is "WrongOffset" or "UploadInUse" && attempt < ContestedAttempts)
            {
                // Somebody else uploads the same package, such as a Deployer that this one took over from: what he brings need not be sent again.
                await Task.Delay(s_contestedPause, cancellationToken);
            }
        }
    }

    private async Task<NodeImport> SendAsync(NodeTarget node, string serviceId, WantedPackage package, CancellationToken cancellationToken)
    {
        var known = await client.FindPackageAsync(node, serviceId, package.Digest, cancellationToken);
        if (known is { Place: not PackagePlace.Partial }) return await client.ImportHeldAsync(node, serviceId, package.Digest, cancellationToken);
        await using var archive = await archives.OpenAsync(package.Digest, cancellationToken);
        return await client.UploadAsync(node, serviceId, package.Digest, archive, Math.Min(known?.Bytes ?? 0, archive.Length), cancellationToken);
    }
}
